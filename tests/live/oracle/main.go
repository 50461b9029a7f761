// Command mesh-oracle asks the code that decides in a cluster what it makes of compiled manifests.
//
// It links Istio's and Kubernetes' own packages and runs without a cluster. See the README of the live suite.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"istio.io/istio/pkg/log"
	kubectl "k8s.io/kubectl/pkg/cmd"
)

const usage = `usage:
  mesh-oracle validate TREE...                              schema, CEL and webhook code; one JSON line per object
  mesh-oracle analyze TREE...                               every analyzer of istioctl; one JSON line per message
  mesh-oracle serve -pods FILE -certificates FOLDER TREE...   istiod's discovery and certificates; reads again on SIGHUP
  mesh-oracle issuer NAME                                   a key that signs tokens, and its JWKS
  mesh-oracle kubectl ARGUMENT...                           kubectl

A TREE is a YAML file or a folder that is read recursively.`

func main() {
	if len(os.Args) < 3 {
		stop(errors.New(usage))
	}
	quieten()
	stop(run(os.Args[1], os.Args[2:]))
}

func run(command string, arguments []string) error {
	switch command {
	case "validate":
		return withTree(arguments, validate)
	case "analyze":
		return withTree(arguments, analyze)
	case "serve":
		return runServe(arguments)
	case "issuer":
		return newIssuer(arguments[0])
	case "kubectl":
		program := kubectl.NewDefaultKubectlCommand()
		program.SetArgs(arguments)
		return program.Execute()
	default:
		return fmt.Errorf("unknown command %q\n%s", command, usage)
	}
}

func withTree(paths []string, ask func(tree) error) error {
	read, err := readTree(paths)
	if err != nil {
		return err
	}
	return ask(read)
}

func runServe(arguments []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	podsFile := flags.String("pods", "", "Kubernetes objects of the running cluster: namespaces, pods, services, endpoints")
	folder := flags.String("certificates", "", "where root.crt is written, and a pair for each name of wanted.json there")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	return serve(flags.Args(), *podsFile, *folder)
}

// quieten keeps Istio's log to errors: the answers are on standard output, and a run makes thousands of info lines.
func quieten() {
	options := log.DefaultOptions()
	options.SetDefaultOutputLevel("all", log.ErrorLevel)
	stop(log.Configure(options))
}

func stop(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
