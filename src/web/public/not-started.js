// The page came and the product did not: its files have gone (the server just got a new version) or the line broke. A plain script, because
// nothing else of the product is there to say it; the words in all three languages, because nobody knows the reader's yet.
addEventListener(
  'error',
  event => {
    const { tagName } = event.target
    const root = document.getElementById('root')
    if ((tagName !== 'SCRIPT' && tagName !== 'LINK') || !root || root.childElementCount > 0) return
    const box = document.createElement('div')
    box.setAttribute('role', 'alert')
    box.style.cssText = 'max-width:30em;margin:18vh auto 0;padding:0 20px;font:15px/1.7 system-ui,sans-serif;text-align:center'
    for (const words of ['页面没有载入,请重新载入。', '頁面沒有載入,請重新載入。', 'The page did not load; please reload it.']) {
      const line = document.createElement('p')
      line.textContent = words
      line.style.margin = '0'
      box.append(line)
    }
    const again = document.createElement('button')
    again.textContent = '⟳ Reload'
    again.style.cssText = 'margin-top:16px;padding:6px 16px;font:inherit;cursor:pointer'
    again.addEventListener('click', () => location.reload())
    box.append(again)
    root.replaceChildren(box)
  },
  true,
)
