// Command mesh-cmp-server is Argo CD's server for plugins, and the part of its repo-server that asks it.
//
// Both are Argo CD's own packages: nothing here knows the protocol. Like Argo CD's binaries it is built without cgo, so
// that it runs in an image that holds nothing else. See the README of the live suite.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
)

const usage = `usage:
  mesh-cmp-server serve --config-dir-path FOLDER   the server, as the sidecar runs it
  mesh-cmp-server ask                              asks it: a JSON object a line, an answer each`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 1 && arguments[0] == "ask":
		return askAll(os.Stdin, os.Stdout)
	case len(arguments) > 1 && arguments[0] == "serve":
		command := commands.NewCommand()
		command.SetArgs(arguments[1:])
		return command.Execute()
	}
	return errors.New(usage)
}
