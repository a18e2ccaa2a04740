import VisionSystem
import VisionTensor

extension Image {
  /// The image with boxes drawn into it: frames, dots, and labels on plates of the box's color. Lines and text are as large as suits
  /// the image; labels are inside of it, and beside one another; where there is no room for all, those of the last boxes are missing.
  ///
  /// The same boxes give the same bytes everywhere. Throws `outOfMemory`.
  package func marked(_ boxes: [MarkedBox]) throws(ImageError) -> Image {
    let canvas = try ImageCanvas(self)
    let style = MarkStyle(width: width, height: height)
    let drawn = boxes.filter(\.region.isFinite)
    // Large boxes first, so that small ones lie on top of them.
    let order = drawn.indices.sorted {
      let (a, b) = (drawn[$0].region, drawn[$1].region)
      let (one, other) = (a.width * a.height, b.width * b.height)
      return one == other ? $0 < $1 : one > other
    }
    for index in order {
      let (columns, rows) = style.pixels(drawn[index].region, width: width, height: height)
      let line = min(style.line, max(1, min(columns.count, rows.count) / 8))
      canvas.frame(columns, rows, thickness: line, drawn[index].color)
    }
    for box in drawn {
      // Dots of small boxes leave something of what they mark.
      let radius = min(style.dot, max(0.7, 0.03 * min(box.region.width, box.region.height)))
      for point in box.points where point.x.isFinite && point.y.isFinite {
        canvas.disk(
          x: point.x, y: point.y, radius: radius * 1.5, RGBColor(red: 255, green: 255, blue: 255))
        canvas.disk(x: point.x, y: point.y, radius: radius, box.color)
      }
    }
    let plates = drawn.map { style.plate($0, width: width) }
    var placement = LabelPlacement(width: width, height: height, style: style, boxes: drawn.map(\.region))
    for (box, plate) in zip(drawn, plates) {
      guard let plate, let (x, y) = placement.place(plate, at: box.region) else { continue }
      canvas.fill(x..<x + plate.width, y..<y + plate.height, box.color)
      canvas.write(
        plate.text, x: Double(x) + plate.inset, y: Double(y) + plate.baseLine, plate.size,
        ClassColors.ink(on: box.color))
    }
    return canvas.finish()
  }
}
