import Testing
import VisionTensor

@testable import VisionNet

@Suite struct ActivationHistogramTests {
  private func histogram(_ values: [Float]) -> ActivationHistogram {
    var histogram = ActivationHistogram((values.min() ?? 0)...(values.max() ?? 0))
    values.withUnsafeBufferPointer { histogram.add($0) }
    return histogram
  }

  @Test func oneFarOutDoesNotStretchTheRange() {
    // A normal distribution of 20,000 and one number at 100.
    let values = Philox(seed: 1).normal(count: 20_000) + [100]
    let histogram = histogram(values)
    #expect(RangeMethod.minMax.range(histogram).upperBound == 100)
    #expect((3.4...4.6).contains(RangeMethod.percentile.range(histogram).upperBound))
    // Cutting 100 at b costs (100 − b)², rounding to bytes in ±b costs b²·10⁵/(255²·3) in all: least near b = 60…90.
    #expect((40...99).contains(RangeMethod.mse.range(histogram).upperBound))
  }

  @Test func whatIsEvenlySpreadIsKeptWhole() {
    let values = Philox(seed: 2).uniform(count: 10_000)
    let histogram = histogram(values)
    for method in RangeMethod.allCases {
      #expect(method.range(histogram).upperBound > 0.98, "\(method)")
      #expect(method.range(histogram).lowerBound < 0.01, "\(method)")
    }
  }

  @Test func zerosDoNotCount() {
    let values = Philox(seed: 1).normal(count: 5000).map { max($0, 0) }
    let few = histogram(values).rangeOfLeastError
    #expect(histogram(values + [Float](repeating: 0, count: 50_000)).rangeOfLeastError == few)
  }

  @Test func oneValueIsARange() {
    for method in RangeMethod.allCases {
      #expect(method.range(histogram([0, 0])) == 0...0)
      #expect(method.range(histogram([3, 3])).contains(3))
    }
  }
}
