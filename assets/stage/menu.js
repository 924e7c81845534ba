// The site's menu on a phone, where it lies over the page: it closes after a tap on a page's name. (Streamlit's own stays open
// where the window is as narrow as this.)

const NARROWEST = 600  // pixels; as in page.css
let closing = false

export function closeMenuAfterTap() {
  if (closing) return
  closing = true
  document.addEventListener('click', ({target}) => {
    if (window.innerWidth > NARROWEST || !target.closest('[data-testid=stSidebarNavLink]')) return
    document.querySelector('[data-testid=stSidebarCollapseButton] button')?.click()
  })
}
