package browser

import (
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// Throttle makes the page's processor slower by a factor; 1 takes it back.
func (t *Tab) Throttle(factor float64) error {
	_, err := chromedp.Call(t.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: factor})
	return err
}

// MainThread returns how much processor time the page's main thread has taken
// since it was first asked, however busy the machine is with other things.
func (t *Tab) MainThread() (time.Duration, error) {
	if _, err := chromedp.Call(t.ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		return 0, err
	}
	all, err := chromedp.Call(t.ctx, performance.GetMetrics, cdp.Empty{})
	for _, m := range all.Metrics {
		if m.Name == "TaskDuration" {
			return time.Duration(m.Value * float64(time.Second)), err
		}
	}
	return 0, err
}

// Await returns what a promise comes to in the page.
func Await[T any](t *Tab, promise string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](promise, chromedp.EvalAwaitPromise))
}
