/// Where the pixels of an image of one size lie in the input of a network.
///
/// Positions are those of edges: the first pixel of a row reaches from 0 to 1.
public struct InputGeometry: Sendable, Hashable {
  /// The input's columns for one column of the image, and its rows for one row.
  public let scale: (x: Double, y: Double)
  /// Where the image's upper left corner lies in the input; negative when it is cut off.
  public let origin: (x: Double, y: Double)
  /// The input's sides.
  public let width: Int
  public let height: Int

  /// The position in the input of one in the image; outside 0...`width` and 0...`height` the network does not see it.
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
  /// Where the pixels of an image of `width` × `height` pixels come to lie.
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
