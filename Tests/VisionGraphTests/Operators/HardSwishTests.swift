import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct HardSwishTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      HardSwish(),
      [
        Tensor(
          [-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan, -3, 3, -2.9, 2.9]
            as [Float])
      ],
      expected: [
        Tensor(
          [
            0, 0, -0.20833333, -0.33333334, -0.20833333, 0, 0.13541667, 0.29166666, 0.6666667, 3, 100,
            .infinity, .nan, 0, 3, -0.048333287, 2.8516667,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      HardSwish(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.20833333))])
    try checkOperator(
      HardSwish(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      HardSwish(),
      [
        Tensor(
          [
            -.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan, -3, 3,
            -2.9000000953674316, 2.9000000953674316,
          ] as [Double])
      ],
      expected: [
        Tensor(
          [
            0, 0, -0.2083333333333333, -0.33333333333333337, -0.20833333333333334, 0, 0.13541666666666666,
            0.2916666666666667, 0.6666666666666666, 3, 100, .infinity, .nan, 0, 3, -0.048333288828530385,
            2.8516668065389013,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try HardSwish().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try HardSwish().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(HardSwish.self, opset: 14, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }
}
