// The look of <teman-lapor>, inside its shadow: nothing leaks in or out but the tokens.
const css = `
:host{display:block;min-height:20rem;font:100%/1.5 var(--font,system-ui,sans-serif);color:var(--ink)}
*,*::before,*::after{box-sizing:border-box}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
button{font:inherit;min-height:44px;cursor:pointer;border-radius:var(--r1);border:0;transition:background var(--motion),color var(--motion),border-color var(--motion)}
button:active{transform:translateY(1px)}
p,h2,h3{margin:0}
.win{display:flex;flex-direction:column;height:100%;min-height:inherit;background:var(--paper);border:1px solid var(--line);border-radius:var(--r3);overflow:hidden;box-shadow:var(--shadow)}
header{display:flex;align-items:center;gap:12px;padding:12px 12px 12px 16px;background:var(--head);color:var(--on-head)}
header>svg{flex:none;width:36px;height:36px;padding:6px;border-radius:50%;background:var(--head-mark)}
header h2{font-size:1.0625rem;line-height:1.25;font-weight:650}
header p{font-size:.8125rem;line-height:1.3}
header div{flex:1;min-width:0}
.exit{flex:none;background:transparent;color:inherit;border:1.5px solid currentColor;padding:0 14px;border-radius:99px;font-weight:600;font-size:.9375rem}
.exit:hover{background:var(--on-head);color:var(--head)}
.exit:focus-visible{outline-color:currentColor}
.steps{display:flex;gap:12px;align-items:center;padding:7px 16px;background:var(--surface);border-bottom:1px solid var(--line);font-size:.8125rem;color:var(--ink-soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.steps div{display:flex;gap:4px;flex:1}
.steps i{flex:1;height:4px;border-radius:4px;background:var(--line)}.steps i.on{background:var(--accent)}
.bar{display:none;padding:9px 16px;font-size:.875rem;line-height:1.4;background:var(--warn-soft);color:var(--warn);font-weight:550;border-bottom:1px solid var(--line)}
.bar.on{display:block}.bar a{color:inherit}
.stage{flex:1;min-height:0;position:relative;display:flex}
.log{flex:1;min-width:0;overflow-y:auto;overflow-x:hidden;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:6px;scroll-behavior:smooth}
.log:focus-visible{outline-offset:-3px}
.log>:first-child{margin-top:auto}
.newer{position:absolute;bottom:12px;left:50%;transform:translateX(-50%);display:flex;gap:6px;align-items:center;padding:0 16px 0 12px;border-radius:99px;background:var(--accent);color:var(--on-accent);font-weight:600;font-size:.9375rem;white-space:nowrap;box-shadow:var(--shadow)}
.newer svg{width:20px;height:20px}
.day{align-self:center;font-size:.8125rem;color:var(--ink-soft);margin:10px 0 4px}
.msg{max-width:min(86%,34rem);padding:10px 14px;border-radius:18px 18px 18px 5px;background:var(--surface);border:1px solid var(--line);align-self:flex-start;overflow-wrap:anywhere;white-space:pre-line}
.mine+.msg:not(.mine),.msg:not(.mine)+.mine{margin-top:8px}
.msg.mine{align-self:flex-end;background:var(--mine);color:var(--mine-ink);border-color:transparent;border-radius:18px 18px 5px 18px}
.msg.notice{border-left:5px solid var(--accent);border-radius:8px 18px 18px 8px}
.msg.problem{border-left-color:var(--bad)}
.msg img{display:block;max-width:100%;max-height:200px;border-radius:10px;margin:2px -4px}
.mark{display:inline-flex;gap:8px;align-items:center}.mark svg{width:20px;height:20px}
.who{display:block;font-size:.8125rem;font-weight:650;color:var(--accent);margin-bottom:2px}
.tel{display:inline-flex;align-items:center;min-height:44px;margin:2px 0;padding:0 18px;border:1.5px solid var(--bad);border-radius:99px;color:var(--bad);font-weight:650;text-decoration:none;font-variant-numeric:tabular-nums}
.tel:hover{background:var(--bad-soft)}
.meta{display:flex;gap:4px;justify-content:flex-end;align-items:center;font-size:.75rem;line-height:1.3;color:var(--ink-soft);margin-top:3px;font-variant-numeric:tabular-nums;white-space:nowrap}
.mine .meta{color:inherit}.meta svg{width:15px;height:15px}
.hello{white-space:normal}.hello p+p{margin-top:8px;color:var(--ink-soft)}
.card{width:min(100%,34rem);max-width:100%;padding:16px;border-radius:var(--r2);box-shadow:var(--shadow);white-space:normal}
.card h3{font-size:1.0625rem;line-height:1.3;display:flex;gap:8px;align-items:center}
.said{white-space:pre-line;color:var(--ink-soft);font-size:.9375rem;margin:8px 0 0}
.rows{margin:10px 0 0}.rows div{display:grid;grid-template-columns:minmax(5rem,7rem) 1fr;gap:2px 14px;padding:8px 0;border-top:1px solid var(--line)}
.rows dt{color:var(--ink-soft);font-size:.9375rem}.rows dd{margin:0;min-width:0}
.receipt{border:2px solid var(--accent);padding-top:18px}
.receipt h3{color:var(--accent-strong);font-size:1.1875rem}.receipt h3 svg{width:26px;height:26px;flex:none}
.label{margin-top:14px;font-size:.875rem;color:var(--ink-soft)}
.code{display:block;font:650 clamp(1rem,.62rem + 1.7vw,1.25rem)/1.5 var(--mono,monospace);padding:12px;margin:4px 0 10px;background:var(--sunken);border:1.5px dashed var(--line-strong);border-radius:var(--r1);user-select:all;text-align:center;overflow-wrap:normal}
.copy{background:var(--accent);color:var(--on-accent);padding:0 18px;font-weight:650;width:100%}
.copy:hover{background:var(--accent-strong)}
.choices{display:flex;flex-direction:column;gap:8px;width:min(100%,34rem);margin:8px 0 4px;list-style:none;padding:0;counter-reset:n}
.choices button{width:100%;min-height:48px;text-align:left;display:flex;gap:12px;align-items:center;padding:8px 16px 8px 12px;background:var(--surface);color:var(--accent-strong);border:1.5px solid var(--accent);font-weight:600;border-radius:var(--r2);overflow-wrap:anywhere}
.choices li button::before{counter-increment:n;content:counter(n);flex:none;min-width:28px;height:28px;border-radius:99px;display:grid;place-items:center;background:var(--accent-soft);font-size:.875rem;font-variant-numeric:tabular-nums}
.choices button:hover{background:var(--accent-soft)}.choices button:hover::before{background:var(--surface)}
.act button svg{width:24px;height:24px;flex:none;margin:0 2px}
.starters{flex-flow:row wrap}.starters button{min-height:44px;padding:6px 16px;border-radius:99px;font-weight:550}.starters li button::before{content:none}
.dots{display:none;padding:14px 16px}.dots.on{display:block}
.dots i{display:inline-block;width:8px;height:8px;border-radius:50%;background:var(--ink-soft);margin-right:5px;animation:b 1.2s infinite}
.dots i:nth-child(3){animation-delay:.15s}.dots i:nth-child(4){animation-delay:.3s}
@keyframes b{0%,60%,100%{opacity:.3}30%{opacity:1}}
form{border-top:1px solid var(--line);padding:8px;padding-bottom:max(8px,env(safe-area-inset-bottom));background:var(--surface)}
.write{display:flex;align-items:flex-end;gap:4px}
textarea{flex:1;min-width:0;width:0;font:inherit;font-size:1rem;color:inherit;resize:none;min-height:46px;max-height:8.5rem;padding:9px 16px;border:1.5px solid var(--line-strong);border-radius:23px;background:var(--paper)}
textarea::placeholder{color:var(--ink-soft);opacity:1}
textarea:focus{outline:2px solid var(--accent);outline-offset:-1px;border-color:var(--accent);background:var(--surface)}
.icon{flex:none;width:44px;height:46px;padding:0;display:grid;place-items:center;background:transparent;color:var(--accent);border-radius:50%}
.icon:hover{background:var(--accent-soft)}.icon svg{width:24px;height:24px}
.go{width:46px;margin-left:4px;background:var(--accent);color:var(--on-accent)}.go:hover{background:var(--accent-strong);color:var(--on-accent)}
.preview{display:flex;gap:12px;align-items:center;margin:0 0 8px;padding:8px;border:1px solid var(--line);border-radius:var(--r2);background:var(--paper)}
.preview img{width:56px;height:56px;object-fit:cover;border-radius:8px;flex:none}
.preview span{flex:1;font-size:.875rem;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.preview button{background:transparent;color:var(--bad);padding:0 12px;font-weight:600;text-decoration:underline;text-underline-offset:.2em}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none!important}
@media (max-width:59.99rem){:host(.page) .win{border:0;border-radius:0;box-shadow:none}}
@media (max-width:24rem){header>svg{display:none}.exit{padding:0 12px}}
@media (max-width:22rem){.rows div{grid-template-columns:1fr}.log{padding:12px}header{padding-left:12px;gap:8px}.icon{width:40px}.go{width:46px}}
@media (prefers-reduced-motion:reduce){.log{scroll-behavior:auto}.dots i{animation:none;opacity:.7}button:active{transform:none}}
@media (forced-colors:active){.msg,.choices button,.icon,.exit,.steps i.on{border:1px solid CanvasText}}
`;
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
export default sheet;
