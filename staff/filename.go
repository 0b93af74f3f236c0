package staff

import (
	"fmt"
	"path/filepath"
	"strings"
)

// numbered returns a file's name with a number before its ending, from 2 on.
func numbered(name string, n int) string {
	if n < 2 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext)
}
