package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"maps"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// authority signs every certificate of one run: those of workloads and those that gateways show.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	root        []byte // PEM
}

// pair is a certificate and its key, both PEM.
type pair struct {
	certificate, key []byte
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := certificateTemplate("authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &authority{certificate: certificate, key: key, root: encode("CERTIFICATE", der)}, err
}

// identify issues the certificate of a workload: its name is the SPIFFE identity.
func (a *authority) identify(identity *url.URL) (pair, error) {
	template := certificateTemplate("workload")
	template.URIs = []*url.URL{identity}
	return a.sign(template)
}

// host issues the certificate of a server that clients know by DNS names.
func (a *authority) host(names []string) (pair, error) {
	template := certificateTemplate("host")
	template.DNSNames = names
	return a.sign(template)
}

func (a *authority) sign(template *x509.Certificate) (pair, error) {
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair{}, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return pair{}, err
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	return pair{certificate: encode("CERTIFICATE", der), key: encode("EC PRIVATE KEY", keyDER)}, err
}

// presumeSecrets makes every Secret that an object names by credentialName or caCertCredentialName, in its namespace. The
// certificates of a Gateway's servers are for the hosts that they serve, others for the name of the Secret.
func presumeSecrets(read tree, authority *authority) ([]corev1.Secret, error) {
	wanted := map[string]corev1.Secret{}
	served := map[string][]string{}
	for _, document := range read.documents {
		namespace := document.object.GetNamespace()
		for _, block := range blocksWithSecrets(document.object.Object, nil) {
			for _, name := range block.secrets {
				hosts := block.hosts
				if len(hosts) == 0 {
					hosts = []string{name}
				}
				key := identity("Secret", namespace, name)
				served[key] = append(served[key], hosts...)
				secret, err := authority.secret(namespace, name, served[key])
				if err != nil {
					return nil, err
				}
				wanted[key] = secret
			}
		}
	}
	return slices.Collect(maps.Values(wanted)), nil
}

// secretBlock is a part of an object that names Secrets, with the hosts that stand beside it.
type secretBlock struct {
	secrets, hosts []string
}

func blocksWithSecrets(value any, hosts []string) []secretBlock {
	var found []secretBlock
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			found = append(found, blocksWithSecrets(item, hosts)...)
		}
	case map[string]any:
		if own, named, _ := unstructured.NestedStringSlice(value, "hosts"); named {
			hosts = own
		}
		var secrets []string
		for _, field := range []string{"credentialName", "caCertCredentialName"} {
			if name, ok := value[field].(string); ok {
				secrets = append(secrets, name)
			}
		}
		several, _, _ := unstructured.NestedSlice(value, "credentialNames")
		for _, name := range several {
			if name, ok := name.(string); ok {
				secrets = append(secrets, name)
			}
		}
		if len(secrets) > 0 {
			found = append(found, secretBlock{secrets: secrets, hosts: hosts})
		}
		for _, item := range value {
			found = append(found, blocksWithSecrets(item, hosts)...)
		}
	}
	return found
}

// secret takes hosts as a Gateway spells them: NAMESPACE/HOST or HOST.
func (a *authority) secret(namespace, name string, hosts []string) (corev1.Secret, error) {
	var names []string
	for _, host := range hosts {
		names = append(names, host[strings.LastIndex(host, "/")+1:])
	}
	issued, err := a.host(names)
	return corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
		Type:       corev1.SecretTypeTLS,
		Data:       map[string][]byte{"tls.crt": issued.certificate, "tls.key": issued.key, "ca.crt": a.root},
	}, err
}

// writeCertificates issues what applications and clients of a run show: NAME.crt and NAME.key, for these DNS names.
func (a *authority) writeCertificates(folder string, wanted map[string][]string) error {
	for name, hosts := range wanted {
		issued, err := a.host(hosts)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".key"), issued.key, 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".crt"), issued.certificate, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// certificateTemplate takes a subject, because clients hold a certificate that names its issuer as itself for self-signed.
func certificateTemplate(subject string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: subject},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(24 * time.Hour),
	}
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
