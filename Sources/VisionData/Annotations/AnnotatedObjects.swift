public import VisionImage
import VisionTensor

/// The objects in an image as what is true of a sample: they move with the pixels.
public struct AnnotatedObjects: Annotation, Hashable {
  public var objects: [AnnotatedObject]

  public init(_ objects: [AnnotatedObject]) { self.objects = objects }

  /// The objects in a network's input: boxes become the upright hulls of their moved corners, or of the moved
  /// polygon where there is one that the box is the hull of, and are clipped to the input. What lies outside of
  /// it is dropped; masks, whose pixels do not move, are left out.
  public func placed(by geometry: InputGeometry) -> AnnotatedObjects {
    let (width, height) = (Double(geometry.input.width), Double(geometry.input.height))
    return AnnotatedObjects(
      objects.compactMap { object in
        var moved = object
        moved.outline = nil
        var hull = object.box.hull(after: geometry.map)
        if case .polygons(let parts)? = object.outline {
          let outline = ObjectOutline.polygons(
            parts.map { points in
              points.map { point in
                let (x, y) = geometry.map(x: point.x, y: point.y)
                return ImagePoint(x: min(max(x, 0), width), y: min(max(y, 0), height))
              }
            })
          moved.outline = outline
          if object.outline?.isHulled(by: object.box) == true, let tight = outline.box { hull = tight }
        }
        guard let box = hull.clipped(width: width, height: height), box.width > 0, box.height > 0 else {
          return nil
        }
        moved.box = box
        moved.statedArea = object.statedArea.map { $0 * abs(geometry.map.determinant) }
        return moved
      })
  }
}
