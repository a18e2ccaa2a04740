/// What became of a detection at each threshold of IoU, for objects of each range of areas.
struct MatchedBox {
  let score: Double
  let image: Int32
  /// How many detections of the class in the image come before it.
  let rank: Int32
  /// For each range of areas, bit t: it found an object that counts at threshold t.
  var hits = SIMD4<UInt16>()
  /// For each range of areas, bit t: it is a false alarm at threshold t. Where neither bit is set, it does not count.
  var alarms = SIMD4<UInt16>()

  /// Ten bits, for COCO's thresholds.
  static let allThresholds: UInt16 = 0x3ff

  /// COCO's thresholds of IoU, 0.5 to 0.95, bit for bit as NumPy's `linspace` gives them.
  static let thresholds: [Double] = {
    let step = (0.95 - 0.5) / 9
    return (0..<9).map { Double($0) * step + 0.5 } + [0.95]
  }()

  /// Whether this one comes before the other: by score, then image, then position.
  static func precedes(_ a: MatchedBox, _ b: MatchedBox) -> Bool {
    a.score != b.score ? a.score > b.score : a.image != b.image ? a.image < b.image : a.rank < b.rank
  }
}
