import VisionSystem

/// An image as a file of annotations describes it.
struct DraftImage {
  /// The name in the file, or the path below the root where the image's file is known.
  var name: String
  /// The file of annotations.
  var source: String
  /// The image's file, if it is known already.
  var path: String?
  /// The image's name without extension, by which it is looked for first; nil to go by `name` only.
  var stem: String?
  /// The size that the annotation states; nil if it states none.
  var size: (width: Int, height: Int)?
  var part: DataPart?
  var objects: [DraftObject] = []

  init(name: String, source: String, part: DataPart? = nil) {
    (self.name, self.source, self.part) = (name, source, part)
  }

  /// The place of an object, for messages.
  func place(of object: DraftObject) -> String { "\(source), line \(object.line)" }

  /// The size of an image from numbers of a file, where unknown ones are 0 or missing.
  static func size(_ width: Double?, _ height: Double?) -> (width: Int, height: Int)? {
    guard let w = width.flatMap({ Int(exactly: $0) }), let h = height.flatMap({ Int(exactly: $0) }),
      (1...1_000_000).contains(w), (1...1_000_000).contains(h)
    else { return nil }
    return (w, h)
  }
}
