import CVisionKernels
import Testing
import VisionCompute

@Suite struct GemmTests {
  @Test(arguments: InstructionSet.supported)
  func productsMatchTheReference(_ set: InstructionSet) {
    var numbers = Numbers(seed: 5)
    // The last four have few rows for many columns: panels are packed as they are multiplied. Before them long sums in a
    // panel of which three quarters count.
    let sizes = [
      (1, 1, 1), (5, 33, 7), (15, 16, 64), (40, 70, 130), (3, 100, 1500), (29, 7, 3), (300, 260, 250),
      (9, 56, 1300), (32, 300, 70), (29, 230, 33), (1, 257, 1000), (15, 241, 1),
    ]
    for (m, n, kk) in sizes {
      for transposed in 0..<4 {
        for (alpha, beta) in [(Float(1), Float(0)), (0.5, 1), (2, -0.25)] {
          let (ta, tb) = (transposed & 1 == 1, transposed & 2 == 2)
          let lda = (ta ? m : kk) + 2, ldb = (tb ? kk : n) + 3, ldc = n + 1
          let a = numbers.floats((ta ? kk : m) * lda), b = numbers.floats((tb ? n : kk) * ldb)
          let before = numbers.floats(m * ldc)
          var exact = before.map(Double.init)
          for i in 0..<m {
            for j in 0..<n {
              var sum = 0.0
              for p in 0..<kk {
                sum +=
                  Double(ta ? a[p * lda + i] : a[i * lda + p]) * Double(tb ? b[j * ldb + p] : b[p * ldb + j])
              }
              exact[i * ldc + j] = Double(alpha) * sum + (beta == 0 ? 0 : Double(beta) * exact[i * ldc + j])
            }
          }
          func run(_ threads: Int) -> [Float] {
            let executor = executor(set, threads: threads)
            var c = before
            if beta == 0 { for i in 0..<m { for j in 0..<n { c[i * ldc + j] = .nan } } }
            var scratch = [Float](
              repeating: .nan, count: vn_gemm_scratch_floats(executor.kernels, m, n, kk, Int32(threads)))
            vn_gemm(
              executor.kernels, m, n, kk, alpha, a, Int64(lda), ta, b, Int64(ldb), tb, beta, &c, Int64(ldc),
              &scratch, executor.pool)
            return c
          }
          let result = run(2)
          #expect(distance(result, exact) < 4e-6 * Double(kk).squareRoot().rounded(.up), "\(m) \(n) \(kk)")
          #expect(result == run(1))
          KernelCases.record(
            "gemm", on: set, .distance(4e-6 * Double(kk).squareRoot().rounded(.up)),
            [
              .array([m, n, kk, lda, ldb, ldc, ta ? 1 : 0, tb ? 1 : 0]), .array([alpha, beta]), .array(a),
              .array(b),
              .array(beta == 0 ? before.indices.map { $0 % ldc < n ? .nan : before[$0] } : before),
            ], expected: .array(exact))
        }
      }
    }
  }
}
