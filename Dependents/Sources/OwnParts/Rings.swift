import VisionNet

/// Points on two rings about the origin, of radius 1 and 2 in turn.
struct Rings: SampleSource {
  let count: Int
  private let places: [Float]

  init(_ count: Int, seed: UInt64) {
    self.count = count
    places = Philox(seed: seed).normal(count: 4 * count)
  }

  func point(_ index: Int) -> SIMD2<Float> {
    let (a, b) = (places[4 * index], places[4 * index + 1])
    let radius: Float = index.isMultiple(of: 2) ? 1 : 2
    let length = max((a * a + b * b).squareRoot(), 0.01)
    return SIMD2(
      a / length * radius + 0.1 * places[4 * index + 2], b / length * radius + 0.1 * places[4 * index + 3])
  }

  func sample(_ index: Int) -> Sample<SIMD2<Float>, Ring> {
    Sample(name: "point \(index)", subject: point(index), truth: Ring(number: index % 2))
  }
}
