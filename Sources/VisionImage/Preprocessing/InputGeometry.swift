/// The mapping from an image of a certain size to the input of a network.
///
/// Positions count from the edges of pixels: the first pixel of a row extends from 0 to 1.
public struct InputGeometry: Sendable, Hashable {
  /// Columns of the input per column of the image, and rows per row.
  public let scale: (x: Double, y: Double)
  /// The position of the image's upper left corner in the input; negative if the corner is cropped.
  public let origin: (x: Double, y: Double)
  /// The input's sides.
  public let width: Int
  public let height: Int

  /// The input position of an image position. The network does not see positions outside 0...`width` and
  /// 0...`height`.
  public func input(x: Double, y: Double) -> (x: Double, y: Double) {
    (origin.x + x * scale.x, origin.y + y * scale.y)
  }

  public static func == (a: InputGeometry, b: InputGeometry) -> Bool {
    a.scale == b.scale && a.origin == b.origin && a.width == b.width && a.height == b.height
  }

  public func hash(into hasher: inout Hasher) {
    for number in [scale.x, scale.y, origin.x, origin.y] { hasher.combine(number) }
  }
}

extension Preprocessing {
  /// The mapping for images of `width` × `height` pixels.
  public func geometry(width w: Int, height h: Int) -> InputGeometry {
    let place = placement(width: w, height: h)
    let scale = (
      x: Double(place.target.width) / Double(place.crop.width),
      y: Double(place.target.height) / Double(place.crop.height)
    )
    let origin = (
      x: Double(place.x - place.target.columns.lowerBound) - Double(place.crop.x) * scale.x,
      y: Double(place.y - place.target.rows.lowerBound) - Double(place.crop.y) * scale.y
    )
    return InputGeometry(scale: scale, origin: origin, width: width, height: height)
  }
}
