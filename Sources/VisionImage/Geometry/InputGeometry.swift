/// Where the pixels of an image lie in the input of a network: what whoever moves pixels returns, so that annotations go the same
/// way, and predictions its `inverse`.
public struct InputGeometry: Sendable, Hashable {
  /// From positions in the image to positions in the input; outside of the input's sides the network sees nothing of the image.
  public var map: AffineMap
  /// The image's sides, in pixels. For an image that was decoded smaller, those of the whole.
  public var source: (width: Int, height: Int)
  /// The input's sides.
  public var input: (width: Int, height: Int)

  public init(map: AffineMap, source: (width: Int, height: Int), input: (width: Int, height: Int)) {
    (self.map, self.source, self.input) = (map, source, input)
  }

  public static func == (a: InputGeometry, b: InputGeometry) -> Bool {
    a.map == b.map && a.source == b.source && a.input == b.input
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(map)
    for side in [source.width, source.height, input.width, input.height] { hasher.combine(side) }
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
    let map = AffineMap(
      a: scale.x, tx: Double(place.x - place.target.columns.lowerBound) - Double(place.crop.x) * scale.x,
      d: scale.y, ty: Double(place.y - place.target.rows.lowerBound) - Double(place.crop.y) * scale.y)
    return InputGeometry(map: map, source: (w, h), input: (width, height))
  }
}
