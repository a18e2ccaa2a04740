import VisionSystem

/// The columns of a table of boxes, found by the headings in its first line.
struct BoxTableColumns {
  let image: Int
  let label: Int
  /// Those of x, y, width and height, or of the left, top, right and bottom edge.
  let box: [Int]
  let isByCorners: Bool
  private(set) var imageWidth: Int?
  private(set) var imageHeight: Int?
  private(set) var split: Int?
  private(set) var confidence: Int?
  private(set) var polygons: Int?
  private(set) var marks: [(column: Int, mark: ObjectMarks)] = []
  let count: Int

  /// Nil unless the headings are those of a table of boxes.
  init?(_ headings: [String]) {
    let names = headings.map { TableTitles.plain($0) }
    func column(_ choices: String...) -> Int? {
      choices.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    guard let image = column("image", "filename", "file", "path", "imagepath", "imagename"),
      let label = column("label", "class", "category", "classname")
    else { return nil }
    let corners = [column("xmin", "x1"), column("ymin", "y1"), column("xmax", "x2"), column("ymax", "y2")]
    let sizes = [column("x"), column("y"), column("width", "w"), column("height", "h")]
    let found = corners.compactMap(\.self)
    isByCorners = found.count == 4
    box = isByCorners ? found : sizes.compactMap(\.self)
    guard box.count == 4 else { return nil }
    (self.image, self.label, count) = (image, label, names.count)
    imageWidth = column("imagewidth") ?? (isByCorners ? column("width") : nil)
    imageHeight = column("imageheight") ?? (isByCorners ? column("height") : nil)
    split = column("split", "part", "set", "subset")
    confidence = column("confidence", "score")
    polygons = column("polygons", "polygon")
    for (name, mark) in ObjectMarks.named {
      if let column = column(name) { marks.append((column, mark)) }
    }
  }

  /// The separator with which the first line of a text is one of headings; nil if none does.
  static func separator(of text: [UInt8]) -> UInt8? {
    let line = text.prefix(4096).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return DelimitedText.separators.first { separator in
      let records = try? DelimitedText(Array(line), separator: separator, place: "").records
      return records?.first.flatMap { BoxTableColumns($0.fields) } != nil
    }
  }
}
