import VisionImage
import VisionNet
import VisionSystem
import VisionTensor

/// A sheet with one row per class: an image as the network sees it, then the same image as training sees it.
struct ContactSheet {
  struct Row {
    let label: String
    /// A remark about the class.
    let note: String
    let original: Image
    let variants: [Image]
  }

  let title: String
  /// Sentences that explain the sheet.
  let legend: [String]
  let rows: [Row]
  /// The longer side of an image on the sheet; smaller ones are enlarged by whole factors.
  var side = 160

  /// The heights of capitals in pixels.
  private static let (titleCapitals, capitals) = (18, 11)
  private static let margin = 24
  private static let gap = 6
  private static let paper = RGBColor(red: 255, green: 255, blue: 255)
  private static let ink = RGBColor(red: 30, green: 34, blue: 40)
  private static let pale = RGBColor(red: 110, green: 116, blue: 124)
  private static let accent = RGBColor(red: 0, green: 96, blue: 170)

  /// The size to which an image is scaled: small images by an integer factor, so that their pixels stay
  /// visible.
  static func cell(width: Int, height: Int, side most: Int = 160) -> (width: Int, height: Int) {
    let side = max(width, height)
    if side <= most { return (width * max(1, 128 / side), height * max(1, 128 / side)) }
    return (max(1, width * most / side), max(1, height * most / side))
  }

  /// The sheet.
  ///
  /// - Throws: `ImageError` if there are no rows or too little memory.
  func image() throws(ImageError) -> Image {
    guard let first = rows.first else { throw ImageError(.invalidArgument, "a sheet without rows") }
    let cell = Self.cell(width: first.original.width, height: first.original.height, side: side)
    let columns = first.variants.count + 1
    let (margin, gap) = (Self.margin, Self.gap)
    // A wider gap sets the originals apart.
    let apart = columns > 1 ? 3 * gap : 0
    let width = max(640, 2 * margin + columns * cell.width + (columns - 1) * gap + apart)
    let title = DrawnText.lines(of: title, width: width - 2 * margin, capitals: Double(Self.titleCapitals))
    let legend = legend.flatMap {
      DrawnText.lines(of: $0, width: width - 2 * margin, capitals: Double(Self.capitals))
    }
    let (titleLine, legendLine, labelLine) = (33, 23, 26)
    let head = margin + title.count * titleLine + legend.count * legendLine + 16
    let rowHeight = labelLine + cell.height + 14
    var drawing = Drawing(
      width: width, height: head + rows.count * rowHeight + margin - 8, background: Self.paper)
    var y = margin
    for line in title {
      drawing.write(line, x: margin, y: y, capitals: Self.titleCapitals, Self.ink)
      y += titleLine
    }
    for line in legend {
      drawing.write(line, x: margin, y: y, capitals: Self.capitals, Self.pale)
      y += legendLine
    }
    y = head
    for row in rows {
      let label = DrawnText.cut(row.label, to: width - 2 * margin, capitals: Double(Self.capitals))
      drawing.write(label, x: margin, y: y, capitals: Self.capitals, Self.accent)
      let end = margin + Self.width(of: label + " ")
      if end + Self.width(of: row.note) <= width - margin {
        drawing.write(row.note, x: end, y: y, capitals: Self.capitals, Self.pale)
      }
      y += labelLine
      drawing.fill(
        x: margin - 3, y: y - 3, width: cell.width + 6, height: cell.height + 6, Self.accent)
      for (column, image) in ([row.original] + row.variants).enumerated() {
        let x = margin + column * (cell.width + gap) + (column > 0 ? apart : 0)
        drawing.put(try Self.scaled(image, cell.width, cell.height), x: x, y: y)
      }
      y += cell.height + 14
    }
    return try drawing.image()
  }

  private static func width(of text: String) -> Int {
    Int(saturating: DrawnText.width(of: text, capitals: Double(capitals)).rounded(.up))
  }

  private static func scaled(_ image: Image, _ width: Int, _ height: Int) throws(ImageError) -> Image {
    if image.width == width, image.height == height { return image }
    return try image.resized(width: width, height: height, filter: width > image.width ? .nearest : .bicubic)
  }
}
