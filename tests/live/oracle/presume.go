package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// presumption is the cluster that a tree takes for granted: it names namespaces, selects pods, routes to services and
// reads secrets that other teams own. Nothing is presumed that the tree (or a file beside it) holds itself.
type presumption struct {
	held     map[string]bool
	objects  map[string]any
	services *presumedServices
}

// presume writes that cluster as the documents of one YAML stream.
func presume(read tree) (string, error) {
	authority, err := newAuthority()
	if err != nil {
		return "", err
	}
	cluster := presumption{held: map[string]bool{}, objects: map[string]any{}, services: presumeServices(read)}
	for _, document := range read.documents {
		cluster.held[identity(document.object.GetKind(), document.object.GetNamespace(), document.object.GetName())] = true
	}
	for _, document := range read.documents {
		cluster.addNamespace(document.object)
		cluster.addWorkload(document.object)
	}
	for _, service := range cluster.services.list() {
		cluster.addService(service)
	}
	secrets, err := presumeSecrets(read, authority)
	if err != nil {
		return "", err
	}
	for _, secret := range secrets {
		cluster.add("Secret", secret.ObjectMeta, secret)
	}
	return stream(slices.Collect(maps.Values(cluster.objects)))
}

func (p *presumption) add(kind string, meta metav1.ObjectMeta, object any) {
	if key := identity(kind, meta.Namespace, meta.Name); !p.held[key] {
		p.objects[key] = object
	}
}

func (p *presumption) addNamespace(object unstructured.Unstructured) {
	name := object.GetNamespace()
	if name == "" {
		return
	}
	meta := metav1.ObjectMeta{Name: name, Labels: map[string]string{"istio-injection": "enabled"}}
	p.add("Namespace", meta, corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: meta})
}

// addWorkload adds a pod for what an object selects. A policy without a selector presumes some workload in its namespace.
func (p *presumption) addWorkload(object unstructured.Unstructured) {
	selected := selectorOf(object)
	if len(selected) == 0 && object.GetKind() == "AuthorizationPolicy" {
		selected = map[string]string{"app": "some-workload"}
	}
	if len(selected) > 0 {
		p.addPod(object.GetNamespace(), selected)
	}
}

func (p *presumption) addPod(namespace string, labels map[string]string) {
	meta := metav1.ObjectMeta{Name: podName(labels), Namespace: namespace, Labels: labels}
	p.add("Pod", meta, corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: meta,
		Spec: corev1.PodSpec{Containers: []corev1.Container{
			{Name: "application", Image: "application"},
			{Name: "istio-proxy", Image: "proxyv2"},
		}},
	})
}

func (p *presumption) addService(service presumedService) {
	meta := metav1.ObjectMeta{Name: service.name, Namespace: service.namespace}
	object := corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: meta,
		Spec:       corev1.ServiceSpec{Selector: service.selector},
	}
	for _, number := range slices.Sorted(maps.Keys(service.ports)) {
		protocol := service.ports[number]
		object.Spec.Ports = append(object.Spec.Ports, corev1.ServicePort{
			Name: fmt.Sprintf("%s-%d", protocol, number), Port: number, Protocol: corev1.ProtocolTCP,
		})
	}
	p.add("Service", meta, object)
	for _, subset := range service.subsets {
		labels := maps.Clone(service.selector)
		maps.Copy(labels, subset)
		p.addPod(service.namespace, labels)
	}
}

// selectorOf finds the labels by which an object selects pods of its namespace.
func selectorOf(object unstructured.Unstructured) map[string]string {
	places := [][]string{{"spec", "selector", "matchLabels"}, {"spec", "workloadSelector", "labels"}, {"spec", "podSelector", "matchLabels"}}
	if object.GetKind() == "Gateway" {
		places = [][]string{{"spec", "selector"}}
	}
	for _, place := range places {
		if labels, found, err := unstructured.NestedStringMap(object.Object, place...); found && err == nil {
			return labels
		}
	}
	return nil
}

func podName(labels map[string]string) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		words = append(words, key, labels[key])
	}
	return strings.NewReplacer("/", "-", "_", "-").Replace(strings.ToLower(strings.Join(words, "-")))
}

func identity(kind, namespace, name string) string {
	return kind + "/" + namespace + "/" + name
}

func stream(objects []any) (string, error) {
	var documents []string
	for _, object := range objects {
		text, err := json.Marshal(object)
		if err != nil {
			return "", err
		}
		documents = append(documents, string(text))
	}
	slices.Sort(documents)
	return strings.Join(documents, "\n---\n"), nil
}
