import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MeanVarianceNormalizationTests {
  @Test func normalizesSomeAxes() throws {
    try checkOperator(
      MeanVarianceNormalization(), [pattern([2, 3, 2, 3])],
      expected: [
        golden(
          [2, 3, 2, 3],
          """
          -1.6395195 1.0766994 0.7830541 0.48940882 0.19576353 -0.09788175 0.16028765 -0.24464953
          -0.6495867 -1.0545238 -1.459461 2.286208 0.85205513 0.44711807 0.042180937 -0.3627562
          -0.76769334 -1.1726305 -0.90540624 -1.1990516 -1.4926969 1.223522 0.92987674 0.6362314 1.1726307
          0.7676934 0.36275622 -0.04218094 -0.4471181 -0.85205525 -2.2862077 1.4594609 1.0545237 0.6495866
          0.2446495 -0.16028763
          """)
      ], tolerance: 3e-6, kernelTolerance: 3e-6)
    try checkOperator(
      MeanVarianceNormalization(axes: [0, 2]), [pattern([3, 2, 5])],
      expected: [
        golden(
          [3, 2, 5],
          """
          -1.9762912 0.8579249 0.5515231 0.24512139 -0.061280347 1.2247449 0.52489066 -0.17496355
          -0.8748178 -1.574672 -1.8996907 0.9345253 0.6281235 0.32172182 0.015320087 1.3997084 0.6998542 0
          -0.6998542 -1.3997084 -1.8230903 1.0111257 0.70472395 0.39832225 0.09192052 1.574672 0.8748178
          0.17496355 -0.52489066 -1.2247449
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try MeanVarianceNormalization().outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) {
      try MeanVarianceNormalization(axes: [0, 0]).outputs([Fact(.float32, [2, 3])])
    }
    #expect(throws: ShapeError.self) {
      try MeanVarianceNormalization().outputs([Fact(.int32, [1, 1, 1, 1])])
    }
  }
}
