package main

import (
	"encoding/json"
	"fmt"
	"os"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	sigsyaml "sigs.k8s.io/yaml"

	"istio.io/istio/manifests"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	crdvalidation "istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/schema/collections"
)

// verdict is one line of output: what the three validations found in one object.
type verdict struct {
	File      string   `json:"file"`
	Kind      string   `json:"kind"`
	Namespace string   `json:"namespace,omitempty"`
	Name      string   `json:"name"`
	Errors    []string `json:"errors,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

func validate(read tree) error {
	schemas, err := customResourceSchemas(read)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for _, document := range read.documents {
		if err := out.Encode(judge(schemas, document)); err != nil {
			return err
		}
	}
	return nil
}

func judge(schemas *crdvalidation.Validator, document document) verdict {
	object := document.object
	found := verdict{File: document.file, Kind: object.GetKind(), Namespace: object.GetNamespace(), Name: object.GetName()}
	if document.isOperators() {
		return found
	}
	if !document.isIstio() {
		// Strict decoding into the API's own type is what an API server does before it admits an object.
		strict := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
		_, _, err := strict.Decode(document.text, nil, nil)
		found.fail(err)
		return found
	}
	found.fail(schemas.ValidateCustomResource(object.DeepCopy()))
	found.askWebhook(document)
	return found
}

func (v *verdict) fail(err error) {
	if err != nil {
		v.Errors = append(v.Errors, err.Error())
	}
}

// askWebhook runs the code behind istiod's admission webhook.
func (v *verdict) askWebhook(document document) {
	configs, others, err := crd.ParseInputs(string(document.text))
	v.fail(err)
	for _, other := range others {
		v.fail(fmt.Errorf("istiod does not know %s %s", other.APIVersion, other.Kind))
	}
	for _, config := range configs {
		schema, known := collections.Pilot.FindByGroupVersionKind(config.GroupVersionKind)
		if !known {
			v.fail(fmt.Errorf("istiod does not read %s", config.GroupVersionKind))
			continue
		}
		warning, err := schema.ValidateConfig(config)
		v.fail(err)
		if warning != nil {
			v.Warnings = append(v.Warnings, warning.Error())
		}
	}
}

// customResourceSchemas takes the definitions that are embedded in the linked module, so that both are one version.
// Compiling one takes longer than all else, so only those are taken that the tree needs.
func customResourceSchemas(read tree) (*crdvalidation.Validator, error) {
	const file = "charts/base/files/crd-all.gen.yaml"
	content, err := manifests.FS.ReadFile(file)
	if err != nil {
		return nil, err
	}
	documents, err := parse(file, content)
	if err != nil {
		return nil, err
	}
	needed := map[string]bool{}
	for _, document := range read.documents {
		needed[document.object.GroupVersionKind().GroupKind().String()] = true
	}
	var definitions []apiextensions.CustomResourceDefinition
	for _, document := range documents {
		var published apiextensionsv1.CustomResourceDefinition
		var definition apiextensions.CustomResourceDefinition
		if err := sigsyaml.Unmarshal(document.text, &published); err != nil {
			return nil, err
		}
		if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&published, &definition, nil); err != nil {
			return nil, err
		}
		if needed[definition.Spec.Names.Kind+"."+definition.Spec.Group] {
			definitions = append(definitions, definition)
		}
	}
	return crdvalidation.NewValidatorFromCRDsWithOptions(definitions, crdvalidation.WithoutCRDValidation())
}
