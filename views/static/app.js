// Everything works without this file; it only saves the reader some clicks.
// What is nothing without it is not shown without it.
document.documentElement.classList.add('is-scripted')

const quiet = 300
const timers = new WeakMap()

function settle(form, delay) {
  clearTimeout(timers.get(form))
  timers.set(
    form,
    setTimeout(() => form.dispatchEvent(new CustomEvent('settled', { bubbles: true })), delay),
  )
}

function liveForm(event) {
  return event.target instanceof Element ? event.target.closest('form[data-live]') : null
}

// Letters typed into a Chinese input method are no search yet: wait until the word is chosen.
document.addEventListener('input', (event) => {
  const form = liveForm(event)
  if (form && !event.isComposing && event.target.matches('input')) settle(form, quiet)
})
document.addEventListener('compositionstart', (event) => {
  const form = liveForm(event)
  if (form) clearTimeout(timers.get(form))
})
document.addEventListener('compositionend', (event) => {
  const form = liveForm(event)
  if (form) settle(form, quiet)
})
document.addEventListener('change', (event) => {
  const form = liveForm(event)
  if (form && event.target.matches('select, [type=checkbox], [type=radio], [type=date]')) settle(form, 0)
})

// Blank conditions stay out of the address.
document.addEventListener('htmx:config:request', (event) => {
  const { request } = event.detail.ctx
  if (request.method !== 'GET' || !request.body) return
  for (const [name, value] of [...request.body]) if (value === '') request.body.delete(name)
})

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-print]')) window.print()
})

function arrive() {
  document.querySelector('[data-focus]')?.focus()
}
document.addEventListener('htmx:after:swap', (event) => {
  const { ctx } = event.detail ?? {}
  if (ctx?.request?.method === 'GET') return
  // The row that was sent is gone; the event comes from the one in its place.
  if (event.target instanceof Element && event.target.matches('.app-line')) return onward(event.target)
  const summary = document.querySelector('[data-focus]')
  if (summary) summary.focus()
  else document.querySelector('main')?.focus({ preventScroll: true })
})
arrive()

// A saved row leads to the next; one that could not be saved keeps the cursor.
function onward(line) {
  const rows = [...line.parentElement.querySelectorAll('.app-line')]
  const next = rows.slice(rows.indexOf(line) + 1).find((row) => row.querySelector('[name=counted]'))
  const input = line.querySelector('[aria-invalid]') ?? (next ?? line).querySelector('[name=counted]')
  input?.focus()
  input?.select()
}

// A form that leads to another stage swaps only the page: mark where we are now.
function markCurrent() {
  const links = [...document.querySelectorAll('.app-nav a')]
  const path = location.pathname
  const here = links
    .filter((link) => path === link.pathname || (link.pathname !== '/' && path.startsWith(`${link.pathname}/`)))
    .sort((a, b) => b.pathname.length - a.pathname.length)[0]
  if (!here) return
  for (const link of links) {
    link.classList.toggle('is-current', link === here)
    if (link === here) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}
document.addEventListener('htmx:after:history:push', markCurrent)

// The boxes of a table stand within its form or name it: forms of rows cannot stand within another.
function boxesOf(form) {
  return [...form.elements].filter((box) => box.matches('tbody [type=checkbox]'))
}
function countChosen(form) {
  const boxes = boxesOf(form)
  const chosen = boxes.filter((box) => box.checked).length
  const all = [...form.elements].find((box) => box.matches('[data-bulk-all]'))
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length
    all.indeterminate = chosen > 0 && chosen < boxes.length
  }
  const count = form.querySelector('[data-bulk-count]')
  if (count) count.textContent = chosen > 0 ? `已选 ${chosen} 项` : '勾选后批量办理'
  form.classList.toggle('has-chosen', chosen > 0)
}
document.addEventListener('change', (event) => {
  const { form } = event.target
  if (!(form instanceof HTMLFormElement) || !form.matches('[data-bulk]')) return
  if (event.target.matches('[data-bulk-all]')) {
    for (const box of boxesOf(form)) box.checked = event.target.checked
  }
  countChosen(form)
})

function dropzone(event) {
  return event.target instanceof Element ? event.target.closest('[data-dropzone]') : null
}
for (const kind of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    const zone = dropzone(event)
    if (!zone) return
    event.preventDefault()
    zone.classList.toggle('is-over', kind === 'dragover')
    const input = zone.querySelector('input[type=file]')
    if (kind !== 'drop' || !input || event.dataTransfer.files.length === 0) return
    input.files = event.dataTransfer.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}
document.addEventListener('change', (event) => {
  const names = dropzone(event)?.querySelector('[data-dropzone-files]')
  if (names) names.textContent = [...event.target.files].map((file) => file.name).join('、')
})

// One more row like the last, empty; without this the button asks the server for it.
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-add-row]') : null
  const last = button?.form.querySelector('[data-rows] > [data-row]:last-child')
  // When there are as many as can be, the server says so.
  if (!last || Number(last.dataset.row) >= Number(last.parentElement.dataset.rows)) return
  event.preventDefault()
  const next = Number(last.dataset.row) + 1
  const row = last.cloneNode(true)
  row.dataset.row = next
  row.setAttribute('aria-labelledby', `row-${next}`)
  for (const element of row.querySelectorAll('[name^=no], .app-error, .app-row-drop')) element.remove()
  for (const element of row.querySelectorAll('*')) {
    for (const name of ['id', 'for', 'name', 'aria-describedby', 'aria-labelledby']) {
      const text = element.getAttribute(name)
      if (text) element.setAttribute(name, text.replace(/\d+$/, next))
    }
    element.removeAttribute('aria-invalid')
    element.classList.remove('has-error')
    if (element.matches('input, select')) element.value = ''
  }
  row.querySelector('.app-row-label').textContent = `新部位 ${next}`
  last.after(row)
  row.querySelector('input').focus()
})

// Hundreds of boxes: found by name, ticked together, counted. Together means those that are shown.
function chooser(event) {
  return event.target instanceof Element ? event.target.closest('[data-choose]') : null
}
function countTicked(place) {
  const count = place.querySelector('[data-choose-count]')
  if (count) count.textContent = place.querySelectorAll('[type=checkbox]:checked').length
}
function plain(text) {
  return text.normalize('NFKC').replace(/\s/g, '').toLowerCase()
}
function narrow(place, text) {
  const wanted = plain(text)
  let found = 0
  for (const group of place.querySelectorAll('[data-choose-group]')) {
    let here = 0
    for (const label of group.querySelectorAll('label')) {
      label.hidden = !plain(label.querySelector('span').firstChild.textContent).includes(wanted)
      if (!label.hidden) here += 1
    }
    group.hidden = here === 0
    found += here
  }
  const none = place.querySelector('[data-choose-none]')
  if (none) none.hidden = found > 0
}
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-choose-set]') : null
  const place = button?.closest('[data-choose]')
  if (!place) return
  const boxes = (button.closest('[data-choose-group]') ?? place).querySelectorAll('label:not([hidden]) [type=checkbox]')
  for (const box of boxes) box.checked = button.dataset.chooseSet === 'all' && !box.disabled
  countTicked(place)
})
document.addEventListener('change', (event) => {
  const place = chooser(event)
  if (place) countTicked(place)
})
for (const kind of ['input', 'compositionend']) {
  document.addEventListener(kind, (event) => {
    const place = chooser(event)
    if (place && !event.isComposing && event.target.matches('[data-choose-find]')) narrow(place, event.target.value)
  })
}
// Enter in the box that narrows would send the form.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.isComposing && chooser(event) && event.target.matches('[data-choose-find]'))
    event.preventDefault()
})
for (const place of document.querySelectorAll('[data-choose]')) countTicked(place)
