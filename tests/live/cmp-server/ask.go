package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/app/discovery"
	"github.com/argoproj/argo-cd/v3/util/cmp"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
)

// question is one call of the repo-server.
type question struct {
	// Call is generate, parameters, detect or render.
	Call string `json:"call"`
	// Plugin is the name that the Application says; empty: the repo-server looks for one.
	Plugin     string   `json:"plugin"`
	Repository string   `json:"repository"`
	Path       string   `json:"path"`
	Env        []string `json:"env"`
	// Exclude are the patterns of --plugin-tar-exclude.
	Exclude []string `json:"exclude"`
	// Timeout is the deadline of the caller, in milliseconds.
	Timeout int `json:"timeout"`
	// ApplicationSet is the text of one, and Params what its generator says of one Application.
	ApplicationSet string         `json:"applicationSet"`
	Params         map[string]any `json:"params"`
	// Times is how often it is asked at the same time.
	Times int `json:"times"`
}

// answer is what came of it.
type answer struct {
	// Objects are what the repo-server makes of the manifests.
	Objects []any `json:"objects,omitempty"`
	// Parameters are what is announced.
	Parameters any    `json:"parameters,omitempty"`
	Error      string `json:"error,omitempty"`
}

func askAll(questions io.Reader, answers io.Writer) error {
	decoder, encoder := json.NewDecoder(questions), json.NewEncoder(answers)
	for {
		var asked question
		if err := decoder.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := encoder.Encode(askAtOnce(asked)); err != nil {
			return err
		}
	}
}

// askAtOnce asks as often as is said at the same time, and gives every answer.
func askAtOnce(asked question) []answer {
	answers := make([]answer, max(asked.Times, 1))
	var waiting sync.WaitGroup
	for at := range answers {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			given, err := ask(asked)
			if err != nil {
				given = answer{Error: err.Error()}
			}
			answers[at] = given
		}()
	}
	waiting.Wait()
	return answers
}

// ask is what runConfigManagementPluginSidecars and populatePluginAppDetails do.
func ask(asked question) (answer, error) {
	if asked.Call == "render" {
		return render(asked)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(asked.Timeout)*time.Millisecond)
	defer cancel()
	folder := filepath.Join(asked.Repository, asked.Path)
	connection, client, err := discovery.DetectConfigManagementPlugin(
		ctx, folder, asked.Repository, asked.Plugin, asked.Env, asked.Exclude)
	if err != nil {
		return answer{}, err
	}
	defer connection.Close()
	switch asked.Call {
	case "generate":
		return generate(ctx, folder, asked, client)
	case "parameters":
		return parameters(ctx, folder, asked, client)
	case "detect":
		return answer{}, nil
	}
	return answer{}, fmt.Errorf("no such call: %s", asked.Call)
}

func generate(
	ctx context.Context, folder string, asked question, client plugin.ConfigManagementPluginServiceClient,
) (answer, error) {
	stream, err := client.GenerateManifest(ctx)
	if err != nil {
		return answer{}, err
	}
	if err := cmp.SendRepoStream(ctx, folder, asked.Repository, stream, asked.Env, asked.Exclude); err != nil {
		return answer{}, err
	}
	response, err := stream.CloseAndRecv()
	if err != nil {
		return answer{}, fmt.Errorf("error generating manifests in cmp: %w", err)
	}
	var objects []any
	for _, manifest := range response.Manifests {
		split, err := kube.SplitYAML([]byte(manifest))
		if err != nil {
			return answer{}, fmt.Errorf("failed to convert CMP manifests to unstructured objects: %w", err)
		}
		for _, object := range split {
			objects = append(objects, object.Object)
		}
	}
	return answer{Objects: objects}, nil
}

func parameters(
	ctx context.Context, folder string, asked question, client plugin.ConfigManagementPluginServiceClient,
) (answer, error) {
	stream, err := client.GetParametersAnnouncement(ctx)
	if err != nil {
		return answer{}, err
	}
	if err := cmp.SendRepoStream(ctx, folder, asked.Repository, stream, asked.Env, asked.Exclude); err != nil {
		return answer{}, err
	}
	response, err := stream.CloseAndRecv()
	if err != nil {
		return answer{}, fmt.Errorf("failed to get parameter announcement: %w", err)
	}
	return answer{Parameters: response.ParameterAnnouncements}, nil
}
