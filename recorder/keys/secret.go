package keys

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// checkName is the secret whose content is known, so that a wrong key is
// noticed at once. checkText is its content.
const (
	checkName = "check"
	checkText = "hark"
)

// Secret returns a named secret of the desk, such as the seed of its host key.
// When there is none yet, fresh makes it and it is kept first.
func (v *Vault) Secret(ctx context.Context, name string, fresh func() ([]byte, error)) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	value, err := v.secret(name)
	if !errors.Is(err, ErrNotFound) {
		return value, err
	}
	if value, err = fresh(); err != nil {
		return nil, err
	}
	return value, v.write(func() error { return v.putSecret(name, value) })
}

// secret reads a named secret. The caller holds mu.
func (v *Vault) secret(name string) (_ []byte, err error) {
	if v.db == nil {
		return nil, errClosed
	}
	st, _, err := v.db.Prepare(`SELECT epoch, value FROM secret WHERE name = ?`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.BindText(1, name); err != nil {
		return nil, err
	}
	if !st.Step() {
		return nil, errors.Join(st.Err(), ErrNotFound)
	}
	epoch, sealed := st.ColumnInt64(0), st.ColumnRawBlob(1)
	value, err := v.wrap.Open(nil, nil, sealed, aboutSecret(name, uint32(epoch)))
	if err != nil {
		return nil, fmt.Errorf("%w: it does not open the secret %s of keys.db", ErrWrongKey, name)
	}
	return value, nil
}

func (v *Vault) putSecret(name string, value []byte) error {
	sealed := v.wrap.Seal(nil, nil, value, aboutSecret(name, v.key.epoch))
	return v.exec(`INSERT INTO secret (name, epoch, value) VALUES (?, ?, ?)`, name, int64(v.key.epoch), sealed)
}

// checkKey proves that keys.db was sealed under the desk's key.
func (v *Vault) checkKey() error {
	text, err := v.secret(checkName)
	switch {
	case errors.Is(err, ErrNotFound):
		return fmt.Errorf("%w: keys.db lacks its check", ErrWrongKey)
	case err != nil:
		return err
	case !bytes.Equal(text, []byte(checkText)):
		return fmt.Errorf("%w: the check of keys.db reads otherwise", ErrWrongKey)
	}
	return nil
}

// bind binds one argument.
func bind(st *sqlite3.Stmt, at int, arg any) error {
	switch a := arg.(type) {
	case int64:
		return st.BindInt64(at, a)
	case string:
		return st.BindText(at, a)
	case []byte:
		return st.BindBlob(at, a)
	}
	return fmt.Errorf("cannot bind %T", arg)
}
