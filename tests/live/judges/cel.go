package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

// questions are expressions, and the variables that they may use.
type questions struct {
	Variables   map[string]any `json:"variables"`
	Expressions []string       `json:"expressions"`
}

// answer is a line of output: what Google's own implementation of CEL makes of one expression.
type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	// Unread says why it is no expression, Error why it has no value.
	Unread string `json:"unread,omitempty"`
	Error  string `json:"error,omitempty"`
}

func evaluate(asked questions) error {
	variables := plain(asked.Variables).(map[string]any)
	var options []cel.EnvOption
	for name := range variables {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for _, expression := range asked.Expressions {
		if err := out.Encode(ask(env, variables, expression)); err != nil {
			return err
		}
	}
	return nil
}

func ask(env *cel.Env, variables map[string]any, expression string) answer {
	parsed, issues := env.Parse(expression)
	if issues.Err() != nil {
		return answer{Unread: issues.Err().Error()}
	}
	program, err := env.Program(parsed)
	if err != nil {
		return answer{Error: err.Error()}
	}
	value, _, err := program.Eval(variables)
	if err != nil {
		return answer{Error: err.Error()}
	}
	switch number := value.(type) {
	case types.Int:
		return answer{Value: json.RawMessage(fmt.Sprint(int64(number)))}
	case types.Uint:
		return answer{Value: json.RawMessage(fmt.Sprint(uint64(number)))}
	}
	native, err := value.ConvertToNative(reflect.TypeFor[*structpb.Value]())
	if err != nil {
		return answer{Error: err.Error()}
	}
	text, err := protojson.Marshal(native.(*structpb.Value))
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: text}
}

// plain makes whole numbers whole: what a reader of JSON calls a number is one or the other to CEL.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			value[name] = plain(inner)
		}
	case []any:
		for at, inner := range value {
			value[at] = plain(inner)
		}
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		part, _ := value.Float64()
		return part
	}
	return value
}
