import VisionSystem

/// The predictions for one image and its objects, as the reference of `DetectionLoss` reads them.
struct DetectionImage {
  /// An object of the target.
  struct Object {
    var box: BoxSides
    /// The class; −1 behind the last object, −2 where nothing is to be learned.
    var label: Int

    var isIgnored: Bool { label == -2 }
    /// Whether places answer for it. A box without area is no object.
    var isCounted: Bool { label >= 0 && box.isBox }
  }

  let loss: DetectionLoss
  let places: [(x: Double, y: Double, stride: Double)]
  let objects: [Object]
  /// The numbers of all images of the batch.
  let raw: [Double]
  /// Where those of this image begin.
  let start: Int

  /// Numbers for a place.
  private var width: Int { loss.classes + 4 * loss.bins }

  func position(_ place: Int) -> Int { start + place * width }
  func logit(_ place: Int, _ label: Int) -> Double { raw[position(place) + label] }

  /// The probabilities of the bins of a side, and the distance of that side from the center in strides: their mean.
  func side(_ place: Int, _ side: Int) -> (probabilities: [Double], distance: Double) {
    let first = position(place) + loss.classes + side * loss.bins
    let logits = raw[first..<first + loss.bins]
    let maximum = logits.max() ?? 0
    var probabilities = logits.map { Libm.exp($0 - maximum) }
    let sum = probabilities.reduce(0, +)
    for bin in probabilities.indices { probabilities[bin] /= sum }
    return (probabilities, probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element })
  }

  /// The box that is predicted at a place, in pixels.
  func box(_ place: Int) -> BoxSides { box(place, (0..<4).map { side(place, $0).distance }) }

  func box(_ place: Int, _ distances: [Double]) -> BoxSides {
    let (x, y, stride) = places[place]
    return BoxSides(
      left: x - distances[0] * stride, top: y - distances[1] * stride, right: x + distances[2] * stride,
      bottom: y + distances[3] * stride)
  }
}
