import Testing

@testable import VisionTraining

/// The rates of PyTorch's schedulers.
@Suite struct ScheduleTests {
  private func rates(_ schedule: some Schedule, _ steps: Int) -> [Double] {
    (0..<steps).map { schedule.rate(step: $0, of: steps) }
  }

  private func expect(_ schedule: some Schedule, _ expected: [Double]) {
    for (own, theirs) in zip(rates(schedule, expected.count), expected) {
      #expect(abs(own - theirs) < 1e-12, "\(schedule): \(own), not \(theirs)")
    }
  }

  @Test func constant() {
    expect(.constant(0.3), [0.3, 0.3, 0.3])
    expect(.constant(0.4, warmUp: .steps(3)), [0.1, 0.2, 0.3, 0.4, 0.4])
  }

  @Test func step() {
    expect(
      StepSchedule(1, factor: 0.5, drops: .every(3)), [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125])
    expect(.steps(1, at: [0.5, 0.8]), [1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01])
  }

  @Test func cosine() {
    expect(
      .cosine(1, floor: 0.05),
      [
        1, 0.976751845240198, 0.9092830723281, 0.8041979948389247, 0.6717830723281, 0.525,
        0.37821692767189996, 0.2458020051610753, 0.14071692767190003, 0.07324815475980208,
      ])
    expect(
      .cosine(1, warmUp: WarmUp(.steps(4), start: 0.2)),
      [
        0.2, 0.4, 0.6, 0.8, 1, 0.9619397662556434, 0.8535533905932737, 0.6913417161825449, 0.5,
        0.30865828381745514, 0.14644660940672627, 0.03806023374435664,
      ])
  }

  @Test func oneCycle() {
    expect(
      .oneCycle(1),
      [
        0.04, 0.52, 1, 0.9504846320134737, 0.8117456539497631, 0.6112620219362893, 0.38874197806371075,
        0.18825834605023697, 0.049519367986526286, 4e-06,
      ])
    expect(
      OneCycleSchedule(0.4, rise: 0.4),
      [
        0.016, 0.029919529388397814, 0.06965985402864888, 0.12945882166310269, 0.20064587513151316,
        0.2728992406544325, 0.3357425344317885, 0.38006378693652265, 0.3994366338272782, 0.39669235355738713,
        0.3834423265320494, 0.3607263801861033, 0.32971669902687967, 0.2920134394942003, 0.2495621589523512,
        0.20455342136066287, 0.15930976015428372, 0.1161658312578836, 0.07734794055665703,
        0.04485916242814858, 0.02037597742942509, 0.005161762824570341, 1.6e-06,
      ])
  }

  @Test func shortTrainings() {
    for steps in 1...4 {
      for schedule in [
        ConstantSchedule(1, warmUp: .steps(10)), StepSchedule(1, drops: .every(0), warmUp: .share(0.9)),
        CosineSchedule(1, warmUp: .share(0.5)), OneCycleSchedule(1),
      ] as [any Schedule] {
        for step in 0..<steps {
          let rate = schedule.rate(step: step, of: steps)
          #expect(rate > 0 && rate <= 1, "\(schedule), step \(step) of \(steps): \(rate)")
        }
      }
    }
  }
}
