// Package demo is the desk that a newcomer looks at first: a sample shop whose
// page carries the hub's widget, and scripted customers who write by
// themselves over the same visitor socket that a browser uses.
//
// The shop is an HTTP server on an address of its own, so that the hub's check
// of origins is a real one. It is opened before the hub, which must know its
// origin:
//
//	shop, err := demo.Listen(ctx, "127.0.0.1:0")
//	// start a hub that lets shop.Origin() embed its widget, then
//	d, err := demo.Start(ctx, demo.Options{Shop: shop, HubURL: "http://127.0.0.1:4275", Customers: 6})
//	// show shop.PageURL(); when the console closes
//	d.Close()
package demo
