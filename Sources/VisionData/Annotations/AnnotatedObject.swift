/// An object in an image: its class, its box, and what else is known of it.
public struct AnnotatedObject: Sendable, Hashable {
  /// The position of its class in `AnnotationSet.classes`.
  public var label: Int
  /// Where it is; inside of the image, with an area above 0.
  public var box: Box
  /// Its shape; nil where only the box is known.
  public var outline: ObjectOutline?
  public var marks: ObjectMarks
  /// The score of a detector that made the annotation, 0...1; nil for people's annotations.
  public var confidence: Double?
  /// The area of its pixels, where the annotations state one that is not that of the box; COCO's `area`.
  public var statedArea: Double?
  /// Other properties, in the order of the file.
  public var attributes: [ObjectAttribute]

  public init(
    label: Int, box: Box, outline: ObjectOutline? = nil, marks: ObjectMarks = [], confidence: Double? = nil,
    statedArea: Double? = nil, attributes: [ObjectAttribute] = []
  ) {
    (self.label, self.box, self.outline, self.marks) = (label, box, outline, marks)
    (self.confidence, self.statedArea, self.attributes) = (confidence, statedArea, attributes)
  }

  /// The area in square pixels that decides how large the object is: the stated one, or else that of the box.
  public var area: Double { statedArea ?? box.area }
}
