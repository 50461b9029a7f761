package main

import (
	"errors"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// judgeDashboard reads a dashboard into Grafana's types, in which every field has to be known, and checks their values.
func judgeDashboard(text []byte) error {
	plugins.RegisterDefaultPlugins()
	var read dashboard.Dashboard
	for _, err := range []error{read.UnmarshalJSONStrict(text), read.Validate()} {
		// The types give an empty list of faults where there is none.
		if err != nil && err.Error() != "" {
			return errors.New(err.Error())
		}
	}
	return nil
}
