package config

import (
	"errors"
	"os"
	"path/filepath"
)

// Place is where a desk is: its configuration and its data.
type Place struct {
	File string // hark.toml; it may not exist yet
	Data string // the data folder; it may not exist yet
}

// Locate finds a desk. dir is what --data says: both lie in it then. Without,
// they lie where the XDG rules put them.
func Locate(dir string) (Place, error) {
	if dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return Place{}, err
		}
		return Place{File: filepath.Join(abs, "hark.toml"), Data: abs}, nil
	}
	file, err := xdg("XDG_CONFIG_HOME", ".config")
	if err != nil {
		return Place{}, err
	}
	data, err := xdg("XDG_DATA_HOME", ".local/share")
	if err != nil {
		return Place{}, err
	}
	return Place{File: filepath.Join(file, "hark.toml"), Data: data}, nil
}

func xdg(variable, fallback string) (string, error) {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, "hark"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("there is no home folder to look in; name the desk with --data DIR")
	}
	return filepath.Join(home, fallback, "hark"), nil
}
