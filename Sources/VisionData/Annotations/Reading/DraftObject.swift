import VisionSystem

/// An object as its file describes it, before its image is known.
struct DraftObject {
  /// The position of its class in the list of the draft.
  var label: Int
  /// Its box in the frame of the annotation: pixels, or parts of the sides.
  var box: Box
  var outline: ObjectOutline?
  var marks: ObjectMarks = []
  var confidence: Double?
  var statedArea: Double?
  var attributes: [ObjectAttribute] = []
  /// The line of the file, from 1.
  var line: Int

  init(label: Int, box: Box, line: Int) { (self.label, self.box, self.line) = (label, box, line) }

  /// An object with a shape, whose hull is the box.
  init(label: Int, polygon: [ImagePoint], line: Int) {
    let outline = ObjectOutline.polygons([polygon])
    self.init(label: label, box: outline.box ?? Box(x: 0, y: 0, width: 0, height: 0), line: line)
    self.outline = outline
  }

  /// Takes over an attribute, or sets the mark that it means.
  mutating func add(_ name: String, _ value: String) {
    if let mark = ObjectMarks(name: name), let isSet = AnnotationNumber.mark(value) {
      if isSet { marks.insert(mark) }
    } else {
      attributes.append(ObjectAttribute(name: name, value: value))
    }
  }
}
