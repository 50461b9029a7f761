package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	meshv1 "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/mesh"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// valuesFile is where a compiled tree keeps the Helm values of its control plane, MeshConfig among them.
const valuesFile = "control-plane/values.yaml"

// podsFolder is where it keeps patches for the owners of pods, which are no objects.
const podsFolder = "pods"

// tree is a set of manifests as a cluster would get them.
type tree struct {
	documents  []document
	meshConfig *meshv1.MeshConfig
}

// document is one object, with the text that it was read from.
type document struct {
	file   string
	text   []byte
	object unstructured.Unstructured
}

// isOperators tells whether this kind is one of an operator that no API server and nothing here knows: its fields are
// held against what fields.py writes down, and rules are run by promtool.
func (d document) isOperators() bool {
	switch d.object.GroupVersionKind().Group {
	case "monitoring.coreos.com", "cert-manager.io", "kiali.io":
		return true
	}
	return false
}

// isIstio tells whether istiod reads this kind of object.
func (d document) isIstio() bool {
	return strings.HasSuffix(d.object.GroupVersionKind().Group, ".istio.io")
}

func readTree(paths []string) (tree, error) {
	read := tree{meshConfig: mesh.DefaultMeshConfig()}
	for _, root := range paths {
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == podsFolder {
				return filepath.SkipDir
			}
			if err != nil || entry.IsDir() || filepath.Ext(file) != ".yaml" {
				return err
			}
			return read.add(file)
		})
		if err != nil {
			return tree{}, err
		}
	}
	if len(read.documents) == 0 {
		return tree{}, fmt.Errorf("no object in %s", strings.Join(paths, ", "))
	}
	return read, nil
}

func (t *tree) add(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if strings.HasSuffix(filepath.ToSlash(file), valuesFile) {
		t.meshConfig, err = meshConfigOf(content)
		return err
	}
	documents, err := parse(file, content)
	t.documents = append(t.documents, documents...)
	return err
}

// parse splits and decodes as kubectl does. What only configures a tool (a Kustomization) is no object of the cluster.
func parse(file string, content []byte) ([]document, error) {
	var documents []document
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		text, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		read := document{file: file, text: text}
		if err := yaml.Unmarshal(text, &read.object.Object); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if read.object.GetKind() != "" && read.object.GroupVersionKind().Group != "kustomize.config.k8s.io" {
			documents = append(documents, read)
		}
	}
}

func meshConfigOf(values []byte) (*meshv1.MeshConfig, error) {
	var helm struct {
		MeshConfig json.RawMessage `json:"meshConfig"`
	}
	if err := sigsyaml.Unmarshal(values, &helm); err != nil {
		return nil, fmt.Errorf("%s: %w", valuesFile, err)
	}
	return mesh.ApplyMeshConfigDefaults(string(helm.MeshConfig))
}
