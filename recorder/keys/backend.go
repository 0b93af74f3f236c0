package keys

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"hark/recorder/disk"
)

// backendFile is the name of the file that remembers how the key is kept.
const backendFile = "backend.json"

// remembered is the content of backend.json: everything but the secret.
type remembered struct {
	Format      int    `json:"format"`      // 1
	Desk        string `json:"desk"`        // random, 16 hex digits: two desks in one keyring do not collide
	Backend     string `json:"backend"`     // one of the backends
	Epoch       uint32 `json:"epoch"`       // of the desk's key, from 1
	Fingerprint string `json:"fingerprint"` // of the desk's key, 16 hex digits
	// Earlier has the fingerprints of the epochs before, the first one first,
	// so that an older key is recognised as one.
	Earlier []string `json:"earlier,omitempty"`
}

// entry returns the name under which the backend keeps an epoch's key.
func (r remembered) entry(epoch uint32) string { return fmt.Sprintf("kek-%d-%s", epoch, r.Desk) }

// check says whether a secret is the key of this desk's epoch.
func (r remembered) check(secret []byte) (deskKey, error) {
	k := deskKey{raw: secret, desk: r.Desk, epoch: r.Epoch}
	if len(secret) != keySize {
		return k, fmt.Errorf("%w: it has %d bytes instead of %d", ErrWrongKey, len(secret), keySize)
	}
	print, err := k.fingerprint()
	if err != nil {
		return k, err
	}
	if print == r.Fingerprint {
		return k, nil
	}
	if i := slices.Index(r.Earlier, print); i >= 0 {
		return k, fmt.Errorf("%w: an older one of this desk, of epoch %d where %d is needed", ErrWrongKey, i+1, r.Epoch)
	}
	return k, fmt.Errorf("%w: its fingerprint is %s where %s is needed", ErrWrongKey, print, r.Fingerprint)
}

// parseRemembered reads backend.json.
func parseRemembered(raw []byte) (remembered, error) {
	var r remembered
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return r, errors.New("it is not a description of a key")
	}
	switch {
	case r.Format != 1:
		return r, fmt.Errorf("it has format %d; this program knows format 1", r.Format)
	case !slices.Contains(append(Backends(), BackendMemory), r.Backend):
		return r, fmt.Errorf("it names a backend %q that this program does not know", clean(r.Backend))
	case r.Epoch < 1 || len(r.Earlier) != int(r.Epoch)-1:
		return r, errors.New("its epochs do not add up")
	}
	for _, s := range append(slices.Clone(r.Earlier), r.Desk, r.Fingerprint) {
		if b, err := hex.DecodeString(s); err != nil || len(b) != 8 {
			return r, errors.New("it has a malformed name or fingerprint")
		}
	}
	return r, nil
}

// recall reads backend.json of a data folder.
func recall(dir string) (remembered, error) {
	raw, err := disk.ReadFile(filepath.Join(dir, backendFile), 64<<10)
	if err != nil {
		return remembered{}, err
	}
	r, err := parseRemembered(raw)
	if err != nil {
		return r, fmt.Errorf("%s: %w", backendFile, err)
	}
	return r, nil
}

// remember writes backend.json. From then on the folder holds a desk.
func remember(dir string, r remembered) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return disk.WriteFile(filepath.Join(dir, backendFile), append(raw, '\n'))
}
