import VisionData
import VisionSystem
import VisionTensor

extension Face {
  /// The longer side of images, in pixels, from which on they are looked at a second time, smaller.
  package static let largestSingleLook = 1280
  /// The longer side of an image for its second look.
  package static let secondLook = 640
  /// The least side of faces that only the second look finds.
  private static let leastSide = 160.0

  /// The faces of both looks, the highest score first: all of the first one, and of the second one those that are large and that
  /// the first one has not.
  ///
  /// Networks for faces know sides from about 10 to 300 pixels: in photos of many megapixels faces are larger.
  ///
  /// - Parameter scale: pixels of the image that one of the second look's stands for, across and down.
  package static func merged(_ first: [Face], _ second: [Face], scale: (x: Double, y: Double)) -> [Face] {
    var faces = first
    for var face in second {
      face.box = Box(
        x: face.box.x * scale.x, y: face.box.y * scale.y, width: face.box.width * scale.x,
        height: face.box.height * scale.y)
      face.points = face.points.map { ImagePoint(x: $0.x * scale.x, y: $0.y * scale.y) }
      guard max(face.box.width, face.box.height) >= leastSide,
        !faces.contains(where: { overlap($0.box, face.box) > 0.3 })
      else { continue }
      faces.append(face)
    }
    // Sorting is not stable, so that places decide between equal scores.
    return faces.enumerated().sorted {
      $0.element.score == $1.element.score ? $0.offset < $1.offset : $0.element.score > $1.element.score
    }.map(\.element)
  }

  /// Intersection over union.
  private static func overlap(_ a: Box, _ b: Box) -> Double {
    let (width, height) = (min(a.right, b.right) - max(a.x, b.x), min(a.bottom, b.bottom) - max(a.y, b.y))
    guard width > 0, height > 0 else { return 0 }
    return width * height / (a.area + b.area - width * height)
  }
}
