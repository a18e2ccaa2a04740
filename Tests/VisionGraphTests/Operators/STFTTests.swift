import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are NumPy's.
@Suite struct STFTTests {
  private func number(_ value: Int64) -> Tensor { Tensor(scalar: value) }

  @Test func givesGoldenValues() throws {
    try checkOperator(
      STFT(), [pattern([2, 11, 1]), number(3), pattern([4], seed: 5)], constants: [1],
      expected: [
        golden(
          [2, 3, 3, 2],
          """
          -6.15625 0 4.71875 0.125 4.21875 0 -1 0 -0.625 1.625 -1.125 0 8 0 -2.125 3.125 -2.625 0
          -7.75 0 0.5 0.5 0 0 1.25 0 -1 2 -1.5 0 10.25 0 -2.5 3.5 -3 0
          """)
      ])
    try checkOperator(
      STFT(isOneSided: false), [pattern([1, 9, 2], seed: 2), number(2), nil, number(5)], constants: [1, 3],
      expected: [
        golden(
          [1, 3, 5, 2],
          """
          1.5 -1 -4.50810926 4.38310926 2.61156447 -2.73656447 -2.73656447 2.61156447 4.38310926
          -4.50810926 1.75 -0.75 0.815954801 -6.0659548 -1.81270076 -3.43729924 -3.43729924
          -1.81270076 -6.0659548 0.815954801 2 -0.5 2.65050225 5.51692194 -3.84631227 0.553888081
          0.553888081 -3.84631227 5.51692194 2.65050225
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() {
    let (x, step) = (Fact(.float32, [2, 11, 1]), Fact(constant: number(3)))
    #expect(throws: ShapeError.self) { try STFT().outputs([Fact(.float32, [2, 11]), step]) }
    #expect(throws: ShapeError.self) { try STFT().outputs([Fact(.float32, [2, 11, 2]), step]) }
    #expect(throws: ShapeError.self) { try STFT().outputs([x, Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) { try STFT().outputs([x, Fact(constant: number(0))]) }
    #expect(throws: ShapeError.self) { try STFT().outputs([x, step, Fact(.float32, [12])]) }
    #expect(throws: ShapeError.self) {
      try STFT().outputs([x, step, Fact(.float32, [4]), Fact(constant: number(5))])
    }
  }
}
