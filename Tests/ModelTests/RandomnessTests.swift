import Model
import Testing

@Suite("Random choices")
struct RandomnessTests {
    @Test("Every choice is drawn, and about as often as any other", arguments: [1, 2, 3, 7])
    func oneOf(count: Int) {
        var random = SeededRandom(seed: 11)
        var drawn = Array(repeating: 0, count: count)
        for _ in 0..<(1_000 * count) { drawn[random.oneOf(Array(0..<count))] += 1 }
        #expect(drawn.allSatisfy { (850...1_150).contains($0) }, "\(drawn)")
    }
}
