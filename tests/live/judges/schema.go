package main

import (
	"bytes"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// holdAgainst reads a schema, and holds each file of JSON against it.
func holdAgainst(schema string, files []string) error {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	read, err := compiler.Compile(schema)
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return err
		}
		if err := read.Validate(value); err != nil {
			return err
		}
	}
	return nil
}
