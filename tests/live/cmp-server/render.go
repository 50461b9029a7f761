package main

import (
	"encoding/json"
	"fmt"

	appset "github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// render makes the Application of one generator's parameters, as the controller of ApplicationSets does: its template is
// filled in, then its patch is, and laid over it.
func render(asked question) (answer, error) {
	var set v1alpha1.ApplicationSet
	if err := yaml.UnmarshalStrict([]byte(asked.ApplicationSet), &set); err != nil {
		return answer{}, err
	}
	meta := set.Spec.Template.ApplicationSetTemplateMeta
	template := &v1alpha1.Application{Spec: set.Spec.Template.Spec}
	template.Name, template.Namespace, template.Annotations = meta.Name, meta.Namespace, meta.Annotations
	renderer := &appset.Render{}
	options := set.Spec.GoTemplateOptions
	made, err := renderer.RenderTemplateParams(template, set.Spec.SyncPolicy, asked.Params, set.Spec.GoTemplate, options)
	if err != nil {
		return answer{}, err
	}
	if set.Spec.TemplatePatch == nil {
		return answer{Objects: []any{made}}, nil
	}
	filled, err := renderer.Replace(*set.Spec.TemplatePatch, asked.Params, set.Spec.GoTemplate, options)
	if err != nil {
		return answer{}, fmt.Errorf("templatePatch: %w", err)
	}
	patch, err := yaml.YAMLToJSONStrict([]byte(filled))
	if err != nil {
		return answer{}, fmt.Errorf("templatePatch: %w", err)
	}
	before, err := json.Marshal(made)
	if err != nil {
		return answer{}, err
	}
	after, err := strategicpatch.StrategicMergePatch(before, patch, v1alpha1.Application{})
	if err != nil {
		return answer{}, fmt.Errorf("templatePatch: %w", err)
	}
	var application v1alpha1.Application
	if err := json.Unmarshal(after, &application); err != nil {
		return answer{}, err
	}
	return answer{Objects: []any{application}}, nil
}
