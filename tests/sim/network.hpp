// A simulated network between devices and one model server: delay, lost requests, lost answers, a
// server that is down or says 500, 429 or 503. Every request gets exactly one answer, as the client's
// surroundings promise; nothing reaches the server after its answer or its timeout was given.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.hpp"
#include "sim/model_server.hpp"

namespace codeforge::sim {

class Network {
public:
    struct Delivery {
        int device = 0;
        sync::HttpResponse response;
    };

    void send(int device, const sync::HttpRequest& request, std::uint64_t now_ms, base::Random& random) {
        Flight flight{device, request, now_ms + 1 + random.next() % 80, Fate::answered, 0};
        const double dice = random.unit();
        if (dice < loss_rate) flight.fate = random.next() % 2 == 0 ? Fate::request_lost : Fate::answer_lost;
        else if (dice < loss_rate + trouble_rate) flight.fate = Fate::trouble;
        if (server_down) flight.fate = Fate::refused;
        const bool waits = flight.fate == Fate::request_lost || flight.fate == Fate::answer_lost;
        if (waits && random.next() % 2 == 0) flight.at_ms = now_ms + request.timeout_ms;
        flight.status = std::vector<int>{500, 429, 503}[random.next() % 3];
        flights_.push_back(std::move(flight));
    }

    std::optional<std::uint64_t> next_ms() const {
        const auto first = earliest();
        return first == flights_.end() ? std::nullopt : std::optional(first->at_ms);
    }

    /// Carries out the flight that is due first. Requires: there is one.
    Delivery deliver() {
        const auto first = earliest();
        const Flight flight = *first;
        flights_.erase(first);
        Delivery delivery{flight.device, {}};
        delivery.response.id = flight.request.id;
        if (flight.fate == Fate::answered || flight.fate == Fate::answer_lost) {
            ModelServer::Answer answer = server.handle(flight.request);
            if (flight.fate == Fate::answer_lost) note_lost(flight.request);
            else delivery.response = {flight.request.id, sync::HttpResponse::Outcome::answered, answer.status, std::move(answer.body), ""};
        } else if (flight.fate == Fate::trouble) {
            delivery.response.outcome = sync::HttpResponse::Outcome::answered;
            delivery.response.status = flight.status;
            if (flight.status != 500) delivery.response.retry_after = "1";
        }
        const bool lost = flight.fate == Fate::request_lost || flight.fate == Fate::answer_lost;
        if (lost) delivery.response.outcome = flight.at_ms % 2 == 0 ? sync::HttpResponse::Outcome::failed : sync::HttpResponse::Outcome::timed_out;
        return delivery;
    }

    /// The device's process ends: each of its requests arrives now or never, and nobody hears the answer.
    void forget(int device, base::Random& random) {
        for (const Flight& flight : flights_) {
            if (flight.device != device || flight.fate == Fate::refused || flight.fate == Fate::trouble || random.next() % 2 == 0) continue;
            server.handle(flight.request);
            note_lost(flight.request);
        }
        std::erase_if(flights_, [device](const Flight& flight) { return flight.device == device; });
    }

    std::size_t in_flight(int device) const {
        return static_cast<std::size_t>(std::count_if(flights_.begin(), flights_.end(), [device](const Flight& f) { return f.device == device; }));
    }

    /// How often a value may have been stored without its sender knowing.
    int lost_answers(const std::pair<std::string, std::string>& key_and_value) const {
        const auto found = lost_.find(key_and_value);
        return found == lost_.end() ? 0 : found->second;
    }

    ModelServer server;
    bool server_down = false;
    double loss_rate = 0;
    double trouble_rate = 0;

private:
    enum class Fate { answered, request_lost, answer_lost, trouble, refused };
    struct Flight {
        int device = 0;
        sync::HttpRequest request;
        std::uint64_t at_ms = 0;
        Fate fate = Fate::answered;
        int status = 0;
    };

    std::vector<Flight>::const_iterator earliest() const {
        return std::min_element(flights_.begin(), flights_.end(), [](const Flight& a, const Flight& b) {
            return std::tie(a.at_ms, a.device, a.request.id) < std::tie(b.at_ms, b.device, b.request.id);
        });
    }

    /// What this request stored on the server, stored there without its sender hearing of it.
    void note_lost(const sync::HttpRequest& request) {
        if (request.method == "GET" || request.method == "DELETE" || request.body.empty()) return;
        ModelServer scratch;
        scratch.handle(request);
        for (const auto& [key_and_value, count] : scratch.stored) lost_[key_and_value] += count;
    }

    std::vector<Flight> flights_;
    std::map<std::pair<std::string, std::string>, int> lost_;
};

}  // namespace codeforge::sim
