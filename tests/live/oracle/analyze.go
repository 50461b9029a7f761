package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/diag"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/config/resource"
	sigsyaml "sigs.k8s.io/yaml"
)

// message is one line of output: what one analyzer says of one object.
type message struct {
	Code   string `json:"code"`
	Level  string `json:"level"`
	Origin string `json:"origin"`
	Text   string `json:"text"`
}

// analyze runs all analyzers, also those that read Services, Pods, Namespaces and Secrets and that `istioctl analyze`
// therefore leaves out for files. The presumed cluster gives them what they look for.
func analyze(read tree) error {
	everywhere := resource.Namespace("") // a named namespace would hide what is found in the others
	root := resource.Namespace(read.meshConfig.GetRootNamespace())
	analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), everywhere, root, nil)

	sources := []local.ReaderSource{}
	for position, document := range read.documents {
		name := fmt.Sprintf("%s#%d", document.file, position) // a second source of one name would replace the first
		sources = append(sources, local.ReaderSource{Name: name, Reader: bytes.NewReader(document.text)})
	}
	cluster, err := presume(read)
	if err != nil {
		return err
	}
	sources = append(sources, local.ReaderSource{Name: "presumed cluster", Reader: strings.NewReader(cluster)})
	if err := analyzer.AddTestReaderKubeSource(sources); err != nil {
		return err
	}
	if err := useMeshConfig(analyzer, read); err != nil {
		return err
	}
	if err := analyzer.AddDefaultResources(); err != nil {
		return err
	}
	result, err := analyzer.Analyze(make(chan struct{}))
	if err != nil {
		return err
	}
	if skipped := len(result.SkippedAnalyzers); skipped > 0 {
		return fmt.Errorf("%d of %d analyzers did not run: %v", skipped, skipped+len(result.ExecutedAnalyzers), result.SkippedAnalyzers)
	}
	return report(result.Messages)
}

// useMeshConfig hands MeshConfig over by a file, which is the one way in that the analyzer has.
func useMeshConfig(analyzer *local.IstiodAnalyzer, read tree) error {
	file, err := os.CreateTemp("", "mesh-config-*.yaml")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	text, err := sigsyaml.JSONToYAML(protoJSON(read.meshConfig))
	if err != nil {
		return err
	}
	if _, err := file.Write(text); err != nil {
		return err
	}
	return analyzer.AddFileKubeMeshConfig(file.Name())
}

func report(messages diag.Messages) error {
	out := json.NewEncoder(os.Stdout)
	for _, found := range messages {
		text := found.Unstructured(true)
		line := message{Code: found.Type.Code(), Level: found.Type.Level().String(), Origin: strings.Trim(found.Origin(), " ()"), Text: fmt.Sprint(text["message"])}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
