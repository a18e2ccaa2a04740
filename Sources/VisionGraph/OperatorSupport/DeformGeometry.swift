import VisionSystem
import VisionTensor

/// Which elements the taps of a deformable convolution read, and where its channels go.
struct DeformGeometry {
  private let operation: DeformConv
  private let spatial: [Int]
  private let before: [Int]
  private let output: Shape
  private let images: Int
  private let taps: Int
  /// The channels of x and of the result, the elements of one of each.
  let inputs: Int
  let outputs: Int
  let plane: Int
  let points: Int

  /// A tap at one point of one image, for one group of channels.
  struct Tap {
    var image: Int
    var group: Int
    /// Its number in the kernel.
    var number: Int
    var point: Int
    /// Where its mask stands, and its first offset; the others are `points` apart.
    var mask: Int
    var offset: Int
    /// The elements of a channel around it, with their weights and the derivatives of these by each offset.
    var corners: [(position: Int, weight: Double, slopes: [Double])]
  }

  /// Precondition: the shapes are those that the shape rule allows.
  init(_ operation: DeformConv, x: Shape, w: Shape, y: Shape) {
    self.operation = operation
    spatial = Array(x.dimensions.dropFirst(2))
    before = (try? operation.window.resolved(spatial))?.before ?? []
    output = Shape(Array(y.dimensions.dropFirst(2)))
    images = x[0]
    taps = operation.window.kernel.reduce(1, *)
    inputs = x[1]
    outputs = w[0]
    plane = spatial.reduce(1, *)
    points = output.dimensions.reduce(1, *)
  }

  /// The channels of x that a tap is for.
  func channels(of tap: Tap) -> Range<Int> {
    let count = inputs / operation.offsetGroups
    return (tap.group * count)..<((tap.group + 1) * count)
  }

  /// The channels of the result that read a channel of x.
  func outputs(for channel: Int) -> Range<Int> {
    let (group, count) = (channel / (inputs / operation.groups), outputs / operation.groups)
    return (group * count)..<((group + 1) * count)
  }

  /// The place of a weight.
  func weight(_ output: Int, _ channel: Int, _ tap: Int) -> Int {
    let count = inputs / operation.groups
    return (output * count + channel % count) * taps + tap
  }

  func forEachTap(_ offsets: Tensor, _ body: (Tap) -> Void) {
    let (numbers, window, axes) = (offsets.doubles, operation.window, spatial.count)
    for image in 0..<images {
      for group in 0..<operation.offsetGroups {
        var number = 0
        Reference.forEachCoordinate(Shape(window.kernel)) { at in
          var point = 0
          let row = (image * operation.offsetGroups + group) * taps + number
          Reference.forEachCoordinate(output) { place in
            let first = row * axes * points + point
            let position = (0..<axes).map { axis -> Double in
              let whole = place[axis] * window.strides[axis] + at[axis] * window.dilations[axis]
              return Double(whole - before[axis]) + numbers[first + axis * points]
            }
            body(
              Tap(
                image: image, group: group, number: number, point: point, mask: row * points + point,
                offset: first, corners: corners(position)))
            point += 1
          }
          number += 1
        }
      }
    }
  }

  /// The elements around a position; none where it is no number.
  private func corners(_ position: [Double]) -> [(position: Int, weight: Double, slopes: [Double])] {
    let low = position.map { $0.rounded(.down) }
    // Far outside, or NaN.
    guard zip(low, spatial).allSatisfy({ $0 >= -1 && $0 < Double($1) }) else { return [] }
    var result: [(position: Int, weight: Double, slopes: [Double])] = []
    Reference.forEachCoordinate(Shape(position.map { _ in 2 })) { corner in
      var place = 0
      var parts: [Double] = []
      for axis in corner.indices {
        let index = Int(saturating: low[axis]) + corner[axis]
        guard index >= 0, index < spatial[axis] else { return }
        place = place * spatial[axis] + index
        let part = position[axis] - low[axis]
        parts.append(corner[axis] == 1 ? part : 1 - part)
      }
      let slopes = parts.indices.map { axis -> Double in
        let others = parts.indices.filter { $0 != axis }.map { parts[$0] }
        return others.reduce(corner[axis] == 1 ? 1.0 : -1.0) { $0 * $1 }
      }
      result.append((place, parts.reduce(1, *), slopes))
    }
    return result
  }
}
