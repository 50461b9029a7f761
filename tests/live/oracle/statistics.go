package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	httpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/anypb"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/xds"
)

// withoutStatistics takes Istio's own filter of metrics out of listeners, which a plain Envoy does not have, and writes
// down for each proxy what the filter would have been told.
type withoutStatistics struct {
	model.XdsResourceGenerator
	folder string
}

func (w withoutStatistics) Generate(
	proxy *model.Proxy, watched *model.WatchedResource, request *model.PushRequest,
) (model.Resources, model.XdsLogDetails, error) {
	resources, details, err := w.XdsResourceGenerator.Generate(proxy, watched, request)
	if err != nil {
		return resources, details, err
	}
	told := map[string][]json.RawMessage{}
	for _, resource := range resources {
		var listener listenerv3.Listener
		if err := resource.Resource.UnmarshalTo(&listener); err != nil {
			return nil, details, err
		}
		chains := append(listener.FilterChains, listener.DefaultFilterChain)
		for _, chain := range chains {
			if chain == nil {
				continue
			}
			taken, err := takeOut(chain)
			if err != nil {
				return nil, details, err
			}
			told[listener.Name] = append(told[listener.Name], taken...)
		}
		if len(told[listener.Name]) == 0 {
			delete(told, listener.Name)
			continue
		}
		if resource.Resource, err = anypb.New(&listener); err != nil {
			return nil, details, err
		}
	}
	if len(told) == 0 {
		return resources, details, nil
	}
	text, err := json.Marshal(told)
	if err != nil {
		return nil, details, err
	}
	// An identity is TYPE~ADDRESS~POD.NAMESPACE, and the address is each proxy's own.
	return resources, details, os.WriteFile(filepath.Join(w.folder, "metrics-"+proxy.IPAddresses[0]+".json"), text, 0o644)
}

// takeOut takes the filters of metrics out of a chain; what they are told is returned.
func takeOut(chain *listenerv3.FilterChain) ([]json.RawMessage, error) {
	var told []json.RawMessage
	var kept []*listenerv3.Filter
	for _, filter := range chain.Filters {
		if filter.Name == xds.StatsFilterName {
			text, err := protojson.Marshal(filter.GetTypedConfig())
			if err != nil {
				return nil, err
			}
			told = append(told, text)
			continue
		}
		kept = append(kept, filter)
		var http httpv3.HttpConnectionManager
		if filter.GetTypedConfig() == nil || !filter.GetTypedConfig().MessageIs(&http) {
			continue
		}
		if err := filter.GetTypedConfig().UnmarshalTo(&http); err != nil {
			return nil, err
		}
		var filters []*httpv3.HttpFilter
		for _, inner := range http.HttpFilters {
			if inner.Name != xds.StatsFilterName {
				filters = append(filters, inner)
				continue
			}
			text, err := protojson.Marshal(inner.GetTypedConfig())
			if err != nil {
				return nil, err
			}
			told = append(told, text)
		}
		http.HttpFilters = filters
		changed, err := anypb.New(&http)
		if err != nil {
			return nil, err
		}
		filter.ConfigType = &listenerv3.Filter_TypedConfig{TypedConfig: changed}
	}
	chain.Filters = kept
	return told, nil
}
