package main

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
)

// newIssuer prints a key that signs tokens: what signs as two numbers in hexadecimal, and what checks as a JWKS.
func newIssuer(name string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	published := map[string]string{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": encoded(key.N), "e": encoded(big.NewInt(int64(key.E))),
	}
	jwks, err := json.Marshal(map[string]any{"keys": []any{published}})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]string{
		"name": name, "modulus": key.N.Text(16), "exponent": key.D.Text(16), "jwks": string(jwks),
	})
}

func encoded(number *big.Int) string {
	return base64.RawURLEncoding.EncodeToString(number.Bytes())
}
