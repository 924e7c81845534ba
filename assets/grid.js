// --- grids -----------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. Small tables of live numbers under the picture, each cell with a bar behind it.

class Grids {
  constructor(stage) {
    this.stage = stage
    this.box = element('div', {class: 'stage-grids'})
  }

  build(grids) {
    this.cells = []
    this.box.hidden = !grids.length
    this.box.replaceChildren(...grids.map(({name, colour, dash, columns, rows}) => {
      const heads = columns.map(text => element('th', {scope: 'col'}, text))
      const body = rows.map(({name: row, cells}) => element('tr', {}, element('th', {scope: 'row'}, row), ...cells.map(cell => {
        const box = element('td')
        box.style.setProperty('--bar', cell.colour)
        this.cells.push({cell, box})
        return box
      })))
      return element('table', {class: 'stage-grid'}, element('caption', {}, stroke(colour, dash), name),
        element('thead', {}, element('tr', {}, element('td'), ...heads)), element('tbody', {}, ...body))
    }))
  }

  say() {
    for (const {cell, box} of this.cells) {
      this.stage.write(box, cell.number)
      if (!this.stage.waits(cell.share)) box.style.setProperty('--share', this.stage.row(cell.share)[0] || 0)
    }
  }
}
