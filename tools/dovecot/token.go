package dovecot

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// tokenFile is the configuration of signing in with tokens, within the
// server's folder.
const tokenFile = "tokens.conf"

// tokenTemplate lets Dovecot check tokens by itself (RFC 7519, HS256), with
// the key that lies under the name it looks for.
const tokenTemplate = `
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=%s/
username_attribute = sub
`

// writeTokens makes the key that tokens are signed with.
func writeTokens(dir string) (key []byte, err error) {
	key = make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	keys := filepath.Join(dir, "keys")
	place := filepath.Join(keys, "default", "HS256")
	if err := os.MkdirAll(place, 0o755); err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(key)
	if err := os.WriteFile(filepath.Join(place, "default"), []byte(text), 0o644); err != nil {
		return nil, err
	}
	return key, os.WriteFile(filepath.Join(dir, tokenFile), fmt.Appendf(nil, tokenTemplate, keys), 0o644)
}

// Token returns a token with which the user can sign in by XOAUTH2 or
// OAUTHBEARER until it expires.
func (s *Server) Token(user string, expires time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"sub": user, "iat": time.Now().Add(-time.Minute).Unix(), "exp": expires.Unix(),
	})
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, s.tokenKey)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}
