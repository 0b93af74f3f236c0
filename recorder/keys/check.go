package keys

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/ncruces/go-sqlite3"
)

// Count returns how many keys there are.
func (v *Vault) Count() (n int64, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.db == nil {
		return 0, errClosed
	}
	st, _, err := v.db.Prepare(`SELECT count(*) FROM dek`)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	if st.Step() {
		n = st.ColumnInt64(0)
	}
	return n, st.Err()
}

// Check reads all of keys.db and says whether it is whole and still under the
// desk's key, and whether keys can be made.
func (v *Vault) Check() (err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.db == nil {
		return errClosed
	}
	if err := v.checkKey(); err != nil {
		return cannotRead(err)
	}
	st, _, err := v.db.Prepare(`PRAGMA quick_check`)
	if err != nil {
		return cannotRead(err)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if !st.Step() {
		return cannotRead(st.Err())
	}
	if words := st.ColumnText(0); words != "ok" {
		return cannotRead(fmt.Errorf("%w: %s", sqlite3.CORRUPT, clean(words)))
	}
	return v.broken
}

// Remembered says whether backend.json still says what it said at the start.
func (v *Vault) Remembered() error {
	r, err := recall(v.dir)
	if err == nil && !reflect.DeepEqual(r, v.about) {
		err = errors.New("it was changed since the start, so the next start may fail; restore it from a backup")
	}
	return err
}
