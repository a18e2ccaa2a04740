import CImageCodecs
import VisionSystem
import VisionTensor

/// One axis of a resize: the input pixels of each output pixel, and their fixed-point weights.
///
/// The arithmetic is Pillow's: weights are normalized in double precision, then rounded to 22 fractional
/// bits.
struct ResampleAxis {
  /// The parameters of the weights: of `inputs` pixels, the part of length `extent` that begins at `start` is
  /// resized to `virtualOutputs` pixels, of which only `outputs` are computed.
  struct Request: Hashable {
    var inputs: Int
    var start: Double
    var extent: Double
    var virtualOutputs: Int
    var outputs: Range<Int>
    var filter: ResamplingFilter
  }

  private(set) var request: Request?
  private(set) var first: [Int32] = []
  private(set) var count: [Int32] = []
  private(set) var weights: [Int32] = []
  private(set) var taps = 0
  private var line: [Double] = []

  private static let one = Double(1 << 22)

  /// The input pixels that the outputs need.
  var inputs: Range<Int> {
    guard let low = first.first, let high = first.last, let last = count.last else { return 0..<0 }
    return Int(low)..<Int(high) + Int(last)
  }

  /// Computes the weights, unless the last request was the same.
  mutating func prepare(_ request: Request) {
    guard self.request != request else { return }
    self.request = request
    first.removeAll(keepingCapacity: true)
    count.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    switch request.filter {
    case .nearest: prepareNearest(request)
    case .bilinearCorner: prepareInterpolated(request)
    case .box, .bilinear, .bilinearCenter, .bicubic, .lanczos: prepareFiltered(request)
    }
  }

  private mutating func prepareFiltered(_ request: Request) {
    let scale = request.extent / Double(request.virtualOutputs)
    let widening = request.filter == .bilinearCenter ? 1 : max(scale, 1)
    let support = request.filter.support * widening
    let narrowing = 1 / widening
    taps = Int(saturating: min(support.rounded(.up) * 2 + 1, Double(request.inputs)))
    for output in request.outputs {
      let center = request.start + (Double(output) + 0.5) * scale
      let low = max(0, Int(saturating: center - support + 0.5))
      let high = min(request.inputs, Int(saturating: center + support + 0.5))
      line.removeAll(keepingCapacity: true)
      var sum = 0.0
      for input in low..<max(low, high) {
        let weight = request.filter.weight((Double(input) - center + 0.5) * narrowing)
        line.append(weight)
        sum += weight
      }
      first.append(Int32(low))
      count.append(Int32(line.count))
      for index in 0..<taps {
        let weight = index < line.count ? (sum == 0 ? line[index] : line[index] / sum) : 0
        weights.append(Int32(saturating: weight < 0 ? weight * Self.one - 0.5 : weight * Self.one + 0.5))
      }
    }
  }

  /// Two neighbors for each output, weighted by their distances.
  private mutating func prepareInterpolated(_ request: Request) {
    taps = min(2, request.inputs)
    for output in request.outputs {
      let place = Interpolation(request, output)
      // At the end, the last pixel is the second tap.
      let isLast = place.low == place.high && taps == 2
      first.append(Int32(isLast ? place.low - 1 : place.low))
      count.append(Int32(taps))
      let part = isLast ? 1 : place.low == place.high ? 0 : Double(place.part)
      for weight in [1 - part, part].prefix(taps) {
        weights.append(Int32(saturating: weight * Self.one + 0.5))
      }
    }
  }

  /// Adds steps to the center instead of multiplying, as Pillow does; this decides ties.
  private mutating func prepareNearest(_ request: Request) {
    taps = 1
    let step = request.extent / Double(request.virtualOutputs)
    // For outputs far from the start of an enormous strip, the center is multiplied to avoid up to a billion
    // steps.
    let skipped = request.outputs.lowerBound > 1 << 20 ? request.outputs.lowerBound : 0
    var center = request.start + step * (Double(skipped) + 0.5)
    for output in skipped..<request.outputs.upperBound {
      if output >= request.outputs.lowerBound {
        first.append(Int32(min(Int(saturating: center), request.inputs - 1)))
        count.append(1)
        weights.append(1 << 22)
      }
      center += step
    }
  }

  /// Calls `body` with the tables for the C functions; their input memory begins with input `origin`.
  func withUnsafeAxis(origin: Int, _ body: (vn_resample_axis) -> Void) {
    first.withUnsafeBufferPointer { first in
      count.withUnsafeBufferPointer { count in
        weights.withUnsafeBufferPointer { weights in
          body(
            vn_resample_axis(
              first: first.baseAddress, count: count.baseAddress, weights: weights.baseAddress,
              taps: Int32(taps), origin: Int32(origin)))
        }
      }
    }
  }
}
