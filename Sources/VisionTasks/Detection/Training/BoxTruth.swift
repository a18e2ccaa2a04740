public import VisionData
public import VisionImage
import VisionTensor
import VisionSystem

/// The objects of an image as what is true of it: in pixels of the upright original, or, `placed`, of a network's input.
public struct BoxTruth: Annotation, Hashable {
  /// An object: where it is, and of which class.
  public struct Object: Sendable, Hashable {
    public var box: Box
    /// The class, counted from 0.
    public var index: Int
    /// Whether a network learns nothing from it: neither that something is there nor that nothing is. Groups of
    /// objects (COCO's `iscrowd`), objects that are hard to recognize (VOC's `difficult`), and what augmentation has
    /// cut down to a small part.
    public var isIgnored: Bool
    /// Whether the box holds a group of objects that are not annotated one by one; then it is ignored, too.
    public var isCrowd: Bool
    /// The area of its outline in square pixels, where that is known and not the box's; evaluation tells small objects
    /// from large ones by it.
    public var area: Double?

    public init(
      box: Box, index: Int, isIgnored: Bool = false, isCrowd: Bool = false, area: Double? = nil
    ) {
      (self.box, self.index, self.isCrowd, self.area) = (box, index, isCrowd, area)
      self.isIgnored = isIgnored || isCrowd
    }

    /// The object of an annotation.
    public init(_ object: AnnotatedObject) {
      self.init(
        box: object.box, index: object.label, isIgnored: object.marks.contains(.difficult),
        isCrowd: object.marks.contains(.crowd), area: object.statedArea)
    }

    /// The object as evaluation takes it.
    package var trueBox: TrueBox {
      TrueBox(
        classIndex: index, box: box, area: area, isCrowd: isCrowd, isIgnored: isIgnored && !isCrowd)
    }
  }

  public var objects: [Object]

  public init(_ objects: [Object]) { self.objects = objects }

  /// The least side of what is left of a box in a network's input, in pixels. Less than one pixel cannot be seen, and
  /// its target would be a division by nearly nothing; torchvision's `SanitizeBoundingBoxes` has the same limit.
  public static let leastSide = 1.0
  /// The part of its area that must be inside of the input for an object to be learned from: a tenth, as for the
  /// augmented boxes of YOLOv5 and YOLOX. Those drop the others; here they are ignored, so that what is still to be
  /// seen of an object is not taught as background.
  public static let leastPart = 0.1

  /// The objects in a network's input: each box becomes the upright hull of its moved corners, clipped to the input.
  ///
  /// What then has a side of less than `leastSide` is dropped, and what has lost more than `1 - leastPart` of its area
  /// is ignored.
  public func placed(by geometry: InputGeometry) -> BoxTruth {
    placed(
      by: geometry.map,
      inside: Box(x: 0, y: 0, width: Double(geometry.input.width), height: Double(geometry.input.height)))
  }

  /// The same for objects that can only be seen inside of a part of the input.
  func placed(by map: AffineMap, inside part: Box) -> BoxTruth {
    let scale = abs(map.determinant)
    return BoxTruth(
      objects.compactMap { object in
        let hull = object.box.hull(after: map)
        guard let box = hull.clipped(to: part), box.width >= Self.leastSide, box.height >= Self.leastSide
        else { return nil }
        var moved = object
        moved.box = box
        moved.area = object.area.map { $0 * scale }
        if box.area < Self.leastPart * hull.area { moved.isIgnored = true }
        return moved
      })
  }

  /// The objects of an image with annotations.
  public init(_ image: AnnotatedImage) { self.init(image.objects.map { Object($0) }) }
}
