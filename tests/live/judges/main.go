// Command mesh-judges asks the libraries that others publish for their own formats what they make of ours.
//
// It is small and apart from the oracle, which links all of Istio. See the README of the live suite.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

const usage = `usage:
  mesh-judges cel FILE          Google's CEL: the answer of each expression; one JSON line each
  mesh-judges dashboard FILE    Grafana's own types: what they say against a dashboard
  mesh-judges schema FILE JSON...   a validator of JSON Schema: what it says against the values`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New(usage)
	}
	if arguments[0] == "schema" {
		return holdAgainst(arguments[1], arguments[2:])
	}
	text, err := os.ReadFile(arguments[1])
	if err != nil {
		return err
	}
	switch arguments[0] {
	case "cel":
		var asked questions
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&asked); err != nil {
			return err
		}
		return evaluate(asked)
	case "dashboard":
		return judgeDashboard(text)
	default:
		return errors.New(usage)
	}
}
